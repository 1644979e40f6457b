// Pictures as editors bring them, made here: what is in them is known to the bit.

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A PNG that says it is `width` by `height`, whose rows are `row`, each as often as it takes. */
export function png(width: number, height: number, pixel: (x: number) => [number, number, number, number], rows = height): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const row = Buffer.from([0, ...Array.from({ length: rows === 0 ? 0 : width }, (_, x) => pixel(x)).flat()]);
  const data = deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

/** Blue, darker to the right, and nothing but blue. */
export function photograph(width: number, height: number): Buffer {
  return png(width, height, (x) => [30, 60, 220 - Math.round((x / width) * 100), 255]);
}

/** Nothing on the left, blue on the right. */
export function cutout(width: number, height: number): Buffer {
  return png(width, height, (x) => [30, 60, 200, x < width / 2 ? 0 : 255]);
}

/** A few bytes that say they are a picture of 50,000 by 50,000. */
export function bomb(): Buffer {
  return png(50_000, 50_000, () => [0, 0, 0, 0], 0);
}

/** 64 by 32 pixels, red on the left and blue on the right, by a "Pavise camera" that was held upright: to be turned to the right. */
export function fromCamera(): Buffer {
  return Buffer.from(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QA8RXhpZgAATU0AKgAAAAgAAgEPAAIAAAAOAAAAJgESAAMAAAABAAYAAAAAAABQYXZpc2UgY2FtZXJhAP/bAEMAFA4P" +
    "Eg8NFBIQEhcVFBgeMiEeHBwePSwuJDJJQExLR0BGRVBac2JQVW1WRUZkiGVtd3uBgoFOYI2XjH2Wc36BfP/bAEMBFRcXHhoeOyEhO3xTRlN8fHx8fHx8fHx8" +
    "fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fP/AABEIACAAQAMBIgACEQEDEQH/xAAWAAEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEAEA" +
    "AAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAYE/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AzwGNSAAJwFSkQAFACWVw" +
    "ACcBUpEAB//Z",
    "base64",
  );
}
