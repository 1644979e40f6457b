// XML: read, checked against the schemas in schemas/, and taken apart in tests.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RelaxNGValidator, XmlAttribute, XmlDocument, XmlText, XmlValidateError } from "libxml2-wasm";

/** The prefixes that paths of tests use. */
const NAMESPACES = {
  a: "http://www.w3.org/2005/Atom",
  content: "http://purl.org/rss/1.0/modules/content/",
  dc: "http://purl.org/dc/elements/1.1/",
  s: "http://www.sitemaps.org/schemas/sitemap/0.9",
  xhtml: "http://www.w3.org/1999/xhtml",
};

/** What the RELAX NG schema `schemas/<name>.rng` finds wrong in `text`; what is no XML at all throws. */
export function mistakes(name: string, text: string): string[] {
  using schema = XmlDocument.fromString(readFileSync(join(import.meta.dirname, `schemas/${name}.rng`), "utf8"));
  using validator = RelaxNGValidator.fromDoc(schema);
  using document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError) return error.details.map(({ line, message }) => `line ${line}: ${message.trim()}`);
    throw error;
  }
}

/** The text of each element or attribute at the XPath `path`. */
export function values(text: string, path: string): string[] {
  using document = XmlDocument.fromString(text);
  return document.find(path, NAMESPACES).map((node) => node.content);
}

/** `text` without the first element or attribute at the XPath `path`. */
export function without(text: string, path: string): string {
  using document = XmlDocument.fromString(text);
  const node = document.get(path, NAMESPACES);
  if (!node) throw new Error(`nothing is at ${path}`);
  node.remove();
  return document.toString();
}

/** `text` with `value` in place of the first text or attribute at the XPath `path`. */
export function changed(text: string, path: string, value: string): string {
  using document = XmlDocument.fromString(text);
  const node = document.get(path, NAMESPACES);
  if (!(node instanceof XmlText || node instanceof XmlAttribute)) throw new Error(`no text or attribute is at ${path}`);
  node.content = value;
  return document.toString();
}
