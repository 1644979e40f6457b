//! A document as a file: `content/topics/<slug>.md`, `content/authors/<slug>.md`, `content/pages/<slug>.md`.

use super::Kind;
use crate::{
    content::{
        front_matter::{self, Mistake, Parts, Text, format_language, language, quoted, required},
        translation::{Translation, revision},
    },
    i18n::Lang,
    posts::Slug,
};
use serde::Deserialize;

/// A document as an editor writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFile {
    /// What it is.
    pub kind: Kind,
    /// Its name, which is that of its file.
    pub slug: Slug,
    /// The language it is written in.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The text in Markdown, ending in one newline; empty where there is none.
    pub body: String,
    /// Its translations in the order of their languages.
    pub translations: Vec<Translation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    lang: Option<Text>,
    title: Option<Text>,
    summary: Option<Text>,
}

/// Addresses at the root that are the site's own, beside the tags of its languages.
const TAKEN: [&str; 17] = [
    "action-plan",
    "api",
    "authors",
    "blog",
    "cards",
    "category",
    "data",
    "feed",
    "media",
    "message",
    "offline",
    "pkg",
    "search",
    "styleguide",
    "tag",
    "theme",
    "topics",
];

impl DocumentFile {
    /// Reads the text of a document's file, or gives every mistake in it, each with its line.
    pub fn parse(kind: Kind, slug: Slug, text: &str) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = front_matter::split::<FrontMatter>(text)?;
        if kind == Kind::Page && (TAKEN.contains(&slug.as_str()) || Lang::parse(slug.as_str()).is_some()) {
            mistakes.push(Mistake::at(1, format!("`/{slug}/` is an address of the site itself: choose another name")));
        }
        let title = required("title", front.title.as_ref(), 1, &mut mistakes);
        let summary = required("summary", front.summary.as_ref(), 1, &mut mistakes);
        let lang = language(front.lang.as_ref(), &mut mistakes);
        let body = if body.trim().is_empty() { String::new() } else { body };
        if kind == Kind::Page && body.is_empty() {
            let last = text.lines().count();
            mistakes.push(Mistake::at(last, "the body is empty: expected Markdown after the front matter"));
        }
        if !mistakes.is_empty() {
            mistakes.sort_by_key(|mistake| mistake.line);
            return Err(mistakes);
        }
        Ok(Self { kind, slug, lang, title, summary, body, translations: Vec::new() })
    }

    /// The text of the document's own file. Reading it again gives the same document, without its translations.
    pub fn format(&self) -> String {
        let (title, summary) = (quoted(&self.title), quoted(&self.summary));
        let text = format!("---\n{}title: {title}\nsummary: {summary}\n---\n", format_language(self.lang));
        if self.body.is_empty() { text } else { text + "\n" + &self.body }
    }

    /// The present revision of the words that a translation has: with its body or without.
    pub fn revision(&self, with_body: bool) -> String {
        words_revision(&self.title, &self.summary, with_body.then_some(self.body.as_str()))
    }
}

/// The revision of a document's words.
pub fn words_revision(title: &str, summary: &str, body: Option<&str>) -> String {
    revision([title, summary].into_iter().chain(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "---\ntitle: \"About\"\nsummary: \"Who we are.\"\n---\n\nWe are.\n";

    fn parse(kind: Kind, slug: &str, text: &str) -> Result<DocumentFile, Vec<Mistake>> {
        DocumentFile::parse(kind, Slug::parse(slug).expect("a slug"), text)
    }

    #[test]
    fn a_document_is_read_and_written_without_loss() {
        assert_eq!(parse(Kind::Page, "about", PAGE).expect("a page").format(), PAGE);
        let topic = PAGE.replace("---\ntitle", "---\nlang: \"ar\"\ntitle").replace("\n\nWe are.", "");
        assert_eq!(parse(Kind::Topic, "access", &topic).expect("a topic").format(), topic);
    }

    #[test]
    fn a_page_needs_a_text_and_an_address_of_its_own() {
        assert!(
            parse(Kind::Page, "about", &PAGE.replace("We are.", "")).expect_err("mistakes")[0].what.contains("empty")
        );
        for taken in ["blog", "fr", "message", "offline"] {
            assert!(parse(Kind::Page, taken, PAGE).expect_err("mistakes")[0].what.contains("the site itself"));
            assert!(parse(Kind::Topic, taken, PAGE).is_ok());
        }
    }
}
