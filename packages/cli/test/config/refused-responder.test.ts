import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createResponderState, openDatabase } from "@tidemark/responder";

const MAIN = path.resolve(import.meta.dirname, "../../src/main.ts");

/** Two policies that would set one flag to two variants for the same case. */
const CONTRADICTING = `
state: refused.db
people: [{ name: ada, roles: [operations], tokenFile: ada.token }]
webhookTokenFile: webhook.token
actions:
  safe: { type: flag, file: flags.json, flag: model, variant: champion }
  bold: { type: flag, file: flags.json, flag: model, variant: challenger }
policies:
  - { name: one, models: [fare], steps: [{ rung: shift_traffic, action: safe }] }
  - { name: two, models: [fare], steps: [{ rung: shift_traffic, action: bold }] }
`;

function respond(t: TestContext, text: string, ...flags: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-refused-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "responder.yaml");
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=tidemark-source", MAIN, "respond", ...flags, file],
    { encoding: "utf8" },
  );
  return { status, stderr, statePath: path.join(folder, "refused.db") };
}

test("a configuration that is refused is on the audit log, counted, with its reason", (t) => {
  const { status, stderr, statePath } = respond(t, CONTRADICTING);
  assert.notEqual(status, 0);
  assert.match(stderr, /is not valid/);
  const database = openDatabase(statePath);
  t.after(() => database.close());
  const { audit } = createResponderState(database);
  const [entry] = audit.list();
  assert.equal(entry?.kind, "config.refused");
  assert.equal(entry.subject, "responder.yaml");
  assert.match(String(entry.detail["reason"]), /set to another position the flag model/);
  assert.deepEqual(
    audit.countRefusals().map((row) => ({ ...row })),
    [{ kind: "config", count: 1 }],
  );
});

test("a check of it leaves nothing behind", (t) => {
  const { status, statePath } = respond(t, CONTRADICTING, "--check");
  assert.notEqual(status, 0);
  assert.equal(existsSync(statePath), false);
});
