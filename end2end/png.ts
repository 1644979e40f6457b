// What the first bytes of a picture say of it.

import type { Answer } from "./http.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The width and height of a PNG, from its header; nothing where it is none. */
export function sizeOf(bytes: Buffer): string | undefined {
  if (!bytes.subarray(0, 8).equals(SIGNATURE) || bytes.toString("latin1", 12, 16) !== "IHDR") return undefined;
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}

/** Whether an answer is a whole PNG: with a header, and an end. */
export function isPng({ status, headers, body }: Answer): boolean {
  return status === 200 && headers["content-type"] === "image/png" && sizeOf(body) !== undefined && body.includes("IEND", -12, "latin1");
}

/** The sizes of the pictures in an ICO file; nothing where it is none. */
export function sizesInIco(bytes: Buffer): string[] {
  if (bytes.readUInt16LE(0) !== 0 || bytes.readUInt16LE(2) !== 1) return [];
  const entries = Array.from({ length: bytes.readUInt16LE(4) }, (_, index) => bytes.subarray(6 + 16 * index, 22 + 16 * index));
  // A size of 0 means 256.
  return entries.map((entry) => `${entry[0] || 256}x${entry[1] || 256}`);
}
