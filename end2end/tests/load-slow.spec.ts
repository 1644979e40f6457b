// Clients that are slow on purpose: each keeps a connection for as long as it can, and sends or reads as little as it may.

import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { expect, Server, test } from "../fixtures.js";
import { ask, asset, statuses } from "../http.js";
import { home } from "../pages.js";

/** More than any of the limits, which are 10 and 30 seconds; less than the 60 for which a connection is kept that is idle. */
const LONGEST = 50_000;

/** How a connection ended: the statuses of what came over it, or that it was cut off or kept. */
type End = number[] | "cut off" | "still open";

/** Sends `start`, and then one byte more whenever so many milliseconds have passed, until the site ends the connection. */
function trickle(url: string, start: string, every: number, { reads = true } = {}): Promise<End> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  let got = "";
  if (reads) socket.on("data", (data) => (got += data));
  socket.write(start, "latin1");
  const beat = setInterval(() => socket.write("a"), every);
  return new Promise((done) => {
    const bound = setTimeout(() => done("still open"), LONGEST);
    socket.once("error", () => done("cut off"));
    socket.once("end", () => done(statuses(got)));
    socket.once("close", () => {
      clearInterval(beat);
      clearTimeout(bound);
    });
  }).finally(() => socket.destroy()) as Promise<End>;
}

test("who sends a request byte by byte, or reads nothing of many answers, is let go, and others are answered all the while", async () => {
  await using server = await Server.start();
  const { url } = server;
  const file = asset((await ask(url, home)).text, "wasm");
  const line = `GET ${file} HTTP/1.1\r\nHost: a\r\n`;
  const others: Promise<number | string>[] = [];
  const beat = setInterval(() => others.push(ask(url, home).then(({ status }) => status, String)), 1_000);
  const form = ["Host: a", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 1000"];
  const http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
  const slow = {
    "the first line": trickle(url, "GET /", 1_000),
    "a line of the head": trickle(url, `${line}X: `, 1_000),
    "the head of a second request": trickle(url, `HEAD ${line.slice(4)}\r\n${line}X: `, 1_000),
    "the head of a stream of HTTP/2": trickle(url, `${http2}\0\x10\0\x01\x05\0\0\0\x01`, 1_000),
    "a form": trickle(url, `POST /message/ HTTP/1.1\r\n${form.join("\r\n")}\r\n\r\nmessage=`, 3_000),
    "many answers, unread": trickle(url, `${line}\r\n`.repeat(100), 1_000, { reads: false }),
  };
  const ended = Object.fromEntries(await Promise.all(Object.entries(slow).map(async ([name, end]) => [name, await end] as const)));
  clearInterval(beat);
  expect(ended).toEqual({
    "the first line": [],
    "a line of the head": [],
    "the head of a second request": [200],
    "the head of a stream of HTTP/2": [],
    "a form": [408],
    "many answers, unread": "cut off",
  });
  expect(new Set(await Promise.all(others))).toEqual(new Set([200]));
});

test("who takes nothing of hundreds of answers has few of them in the site's memory", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const megabytes = async (what: "VmHWM" | "VmRSS") => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(await readFile(`/proc/${server.process.pid}/status`, "utf8"))?.[1]) / 1024;
  const size = (await ask(server.url, `${home}?q=0`)).body.length;
  // What it took to start is over: from now on the most is counted anew.
  await writeFile(`/proc/${server.process.pid}/clear_refs`, "5");
  const before = await megabytes("VmRSS");
  let number = 0;
  const sockets = Array.from({ length: 40 }, () => {
    const socket = connect(Number(port), hostname).on("error", () => {}).pause();
    // Each is another page, asked for by another client.
    for (let n = 0; n < 400; n++) socket.write(`GET ${home}?q=${number++} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.18.${number >> 8}.${number & 255}\r\n\r\n`);
    return socket;
  });
  let most = 0;
  const isSettled = async () => {
    const last = most;
    most = await megabytes("VmHWM");
    return most > before && most === last;
  };
  await expect.poll(isSettled, { intervals: [2_000], timeout: 60_000 }).toBe(true);
  expect((40 * 400 * size) / 1024 / 1024, "all of them would be many").toBeGreaterThan(400);
  expect(most - before).toBeLessThan(150);
  expect((await ask(server.url, home)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test("a connection is kept while its reader reads, and longer than a request may take to be sent", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  let got = "";
  socket.on("data", (data) => (got += data));
  const isOver = new Promise((done) => socket.once("close", () => done("closed")));
  const ask = () => socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  ask();
  await expect.poll(() => statuses(got)).toEqual([200]);
  expect(await Promise.race([isOver, new Promise((done) => setTimeout(done, 25_000, "kept"))])).toBe("kept");
  ask();
  await expect.poll(() => statuses(got)).toEqual([200, 200]);
  socket.destroy();
});
