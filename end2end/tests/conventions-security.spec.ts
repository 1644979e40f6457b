import { join } from "node:path";
import { expect, root, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { Folder, freeAddress, run } from "../program.js";
import { languages, origin, published } from "../site.js";

const contact = "mailto:security@example.org";
const PATH = "/.well-known/security.txt";

/** Also a moment later, when another day has begun. */
const NOW = Date.now();

/** The day that is this many days from now. */
const day = (days: number) => new Date(NOW + days * 86_400_000).toISOString().slice(0, 10);

/** What an operator sets who can be reached until then. */
const reachable = (days: number) => ({ PAVISE_SECURITY_CONTACT: contact, PAVISE_SECURITY_EXPIRES: day(days) });

/** What `pavise check` says of the site's own content with these settings. */
async function check(env: Record<string, string>) {
  await using folder = await Folder.make();
  return await run(folder, ["check"], { PAVISE_CONTENT_DIR: join(root, "content"), ...env });
}

test("who finds a weakness is told where to report it, as RFC 9116 has it", async () => {
  await using server = await Server.start({ ...published, ...reachable(100) });
  const { status, headers, text } = await ask(server.url, PATH);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  // 2.3 and 2.5: one field on a line, each with its name.
  const fields = text.trimEnd().split("\n").filter((line) => !line.startsWith("#")).map((line) => /^([A-Za-z-]+): (.+)$/.exec(line)?.slice(1));
  const of = (name: string) => fields.flatMap((field) => (field?.[0] === name ? (field[1] ?? []) : []));
  expect(fields).not.toContain(undefined);
  expect(of("Contact"), "2.5.3: required").toEqual([contact]);
  const [expires = "", ...more] = of("Expires");
  expect(expires, "2.5.5: required, as in RFC 3339").toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
  expect([Date.parse(expires), more]).toEqual([Date.parse(day(100)), []]);
  expect(of("Canonical"), "2.5.2").toEqual([origin + PATH]);
  expect(of("Preferred-Languages"), "2.5.8: once").toEqual([languages.join(", ")]);
  const again = await ask(server.url, PATH);
  expect(again.headers["cache-status"], "it ends on its day: nothing keeps it").toBeUndefined();
});

const silent: Record<string, Record<string, string>> = {
  "nobody is set": {},
  "no day is set": { PAVISE_SECURITY_CONTACT: contact },
  "the day is past": reachable(-1),
};

for (const [name, env] of Object.entries(silent)) {
  test(`no contact for weaknesses is told where ${name}`, async () => {
    await using server = await Server.start(env);
    const { status, text } = await ask(server.url, PATH);
    expect(status).toBe(404);
    expect(text).not.toContain(contact);
    expect(server.log).toContain("security.txt is not served");
  });
}

test("a contact that has expired fails the check in a sentence", async () => {
  const { code, stderr } = await check(reachable(-1));
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^pavise: security\\.txt .*expired on ${day(-1)}.*PAVISE_SECURITY_EXPIRES.*\\n$`));
});

test("a contact that expires within a month is told, without failing", async () => {
  const { code, stdout } = await check(reachable(20));
  expect(code).toBe(0);
  expect(stdout).toContain(`security.txt expires on ${day(20)}`);
});

test("a contact that is good is not spoken of", async () => {
  const { code, stdout } = await check(reachable(100));
  expect(code).toBe(0);
  expect(stdout).not.toContain("security.txt");
});

test("where browsers would not come by TLS, the check fails in a sentence; where nothing answers, it tells so", async ({ server }) => {
  const base = server.url.replace("http://", "https://").replace(/\/$/, "");
  const { code, stderr } = await check({ PAVISE_BASE_URL: base });
  expect([code, stderr]).toEqual([1, `pavise: ${base}: no TLS is spoken there: put a server that does before the program\n`]);
  const nobody = `https://${await freeAddress()}`;
  const unanswered = await check({ PAVISE_BASE_URL: nobody });
  expect(unanswered.code, unanswered.stderr).toBe(0);
  expect(unanswered.stdout).toContain(`${nobody}: nothing answers from here, so that its certificate was not looked at (`);
});

const wrong: [what: string, setting: string, value: string][] = [
  ["a day that is none", "PAVISE_SECURITY_EXPIRES", "soon"],
  ["an address without a scheme", "PAVISE_SECURITY_CONTACT", "security@example.org"],
  ["an address of two lines", "PAVISE_SECURITY_CONTACT", "mailto:a@example.org\nExpires: 2999-01-01"],
];

for (const [what, setting, value] of wrong) {
  test(`${what} in the contact for weaknesses ends the program with a sentence`, async () => {
    const { code, stderr } = await check({ [setting]: value });
    expect(code).toBe(1);
    expect(stderr.startsWith(`pavise: ${setting} is \`${value}\`: expected `), stderr).toBe(true);
  });
}
