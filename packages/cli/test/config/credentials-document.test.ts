import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import {
  addCredential,
  createToken,
  listCredentials,
  removeCredential,
} from "../../src/config/credentials-document.ts";

const directory = mkdtempSync(path.join(tmpdir(), "tidemark-credentials-"));
after(() => rmSync(directory, { recursive: true }));

const digest = () => createToken().digest;

test("tokens are random, have a name that scanners find, and only their digest is written", () => {
  const [one, other] = [createToken(), createToken()];
  assert.match(one.token, /^tidemark_[\w-]{43}$/);
  assert.notEqual(one.token, other.token);
  const file = path.join(directory, "made.yaml");
  addCredential(file, { name: "collector", scopes: ["ingest"], tokens: [one.digest] });
  assert.doesNotMatch(readFileSync(file, "utf8"), new RegExp(one.token));
  assert.equal(statSync(file).mode & 0o077, 0);
  assert.deepEqual(listCredentials(file), [
    { name: "collector", tenant: "default", scopes: ["ingest"], tokens: [one.digest] },
  ]);
});

test("a second token of a name stands beside the first until that is removed", () => {
  const file = path.join(directory, "rotated.yaml");
  writeFileSync(
    file,
    `# kept\ncredentials:\n  - name: collector # here too\n    scopes: [ingest]\n    tokens: [${digest()}]\n`,
  );
  const next = digest();
  addCredential(file, { name: "collector", tokens: [next] });
  assert.equal(listCredentials(file)[0]!.tokens.length, 2);
  assert.equal(removeCredential(file, "collector", true), 1);
  assert.deepEqual(listCredentials(file)[0]!.tokens, [next]);
  assert.match(readFileSync(file, "utf8"), /^# kept\n[\s\S]*# here too/);
});

test("nothing is written that would not be read", () => {
  const file = path.join(directory, "refused.yaml");
  addCredential(file, { name: "collector", scopes: ["ingest"], tokens: [digest()] });
  const before = readFileSync(file, "utf8");
  assert.throws(() => addCredential(file, { name: "no good", scopes: ["read"], tokens: [digest()] }), {
    code: "TIDEMARK_CREDENTIALS_INVALID",
  });
  assert.throws(() => removeCredential(file, "nobody", false), { code: "TIDEMARK_USAGE" });
  assert.throws(() => removeCredential(file, "collector", false), { code: "TIDEMARK_USAGE" });
  assert.equal(readFileSync(file, "utf8"), before);
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.endsWith(".tmp")),
    [],
  );
});
