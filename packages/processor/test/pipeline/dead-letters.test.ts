import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createDeadLetters } from "../../src/pipeline/dead-letters.ts";

const root = mkdtempSync(join(tmpdir(), "tidemark-dead-letters-"));
after(() => rmSync(root, { recursive: true }));
const folder = () => mkdtempSync(join(root, "x-"));

const letter = (tenant: string, reason: string) => ({ tenant, signal: "logs", reason, record: { attributes: "3" } });

test("a tenant sees its own, newest last, by reason", async () => {
  const letters = createDeadLetters(folder(), () => 0);
  for (const [tenant, reason] of [
    ["acme", "a"],
    ["globex", "a"],
    ["acme", "b"],
    ["acme", "a"],
  ] as const)
    letters.add(letter(tenant, reason));
  await letters.flush();
  const reasons = async (filter: { limit: number; reason?: string }) =>
    (await letters.list("acme", filter)).map(({ reason }) => reason);
  assert.deepEqual(await reasons({ limit: 10 }), ["a", "b", "a"]);
  assert.deepEqual(await reasons({ limit: 2 }), ["b", "a"]);
  assert.deepEqual(await reasons({ limit: 10, reason: "b" }), ["b"]);
  assert.deepEqual(await letters.list("nobody", { limit: 10 }), []);
});

test("the files stay within their bound, and the newest letters are there", async () => {
  const path = folder();
  const letters = createDeadLetters(path, () => 0, 10_000);
  for (let round = 0; round < 100; round++) {
    for (let index = 0; index < 10; index++) letters.add(letter("acme", `r${round}`));
    await letters.flush();
  }
  const size = (name: string) => statSync(join(path, name)).size;
  assert.ok(size("dead-letters.jsonl") < 12_000 && size("dead-letters.old.jsonl") < 12_000);
  assert.equal((await letters.list("acme", { limit: 1 }))[0]!.reason, "r99");
});

test("what comes faster than the disk takes it is let go and counted, and nothing is ever thrown", async () => {
  const letters = createDeadLetters(folder(), () => 0);
  for (let index = 0; index < 5_000; index++) letters.add(letter("acme", "a"));
  await letters.flush();
  assert.equal((await letters.list("acme", { limit: 10_000 })).length + letters.dropped("acme"), 5_000);
  assert.ok(letters.dropped("acme") >= 3_000);
  assert.equal(letters.dropped("globex"), 0);
  const nowhere = createDeadLetters(join(root, "nowhere"), () => 0);
  nowhere.add(letter("acme", "a"));
  await nowhere.flush();
  assert.equal(nowhere.dropped("acme"), 1);
});

test("a tenant that floods does not push out what others have set aside, and may go on a little later", async () => {
  let nowMs = 0;
  const letters = createDeadLetters(folder(), () => nowMs, 200_000);
  letters.add(letter("globex", "precious"));
  const flood = async () => {
    for (let round = 0; round < 100; round++) {
      for (let index = 0; index < 100; index++) letters.add(letter("acme", "flood"));
      await letters.flush();
    }
  };
  await flood();
  assert.equal((await letters.list("globex", { limit: 10 })).length, 1);
  assert.equal(letters.dropped("acme"), 9_000);
  nowMs = 5_000;
  await flood();
  assert.equal(letters.dropped("acme"), 9_000 + 9_995);
  assert.equal((await letters.list("globex", { limit: 10 })).length, 1);
});

test("others cannot read the files", async () => {
  const path = folder();
  const letters = createDeadLetters(path, () => 0);
  letters.add(letter("acme", "a"));
  await letters.flush();
  assert.equal(statSync(join(path, "dead-letters.jsonl")).mode & 0o077, 0);
  assert.match(readFileSync(join(path, "dead-letters.jsonl"), "utf8"), /^\{.*\}\n$/);
});
