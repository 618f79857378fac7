import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";

const root = path.resolve(import.meta.dirname, "../..");

test("deploy/make-secrets.sh makes every token that the deployment's files name, once", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-secrets-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "deploy/tidemark"), { recursive: true });
  cpSync(path.join(root, "deploy/make-secrets.sh"), path.join(folder, "deploy/make-secrets.sh"));
  symlinkSync(path.join(root, "packages"), path.join(folder, "packages"));
  const run = () => execFileSync(path.join(folder, "deploy/make-secrets.sh"), { encoding: "utf8", stdio: "pipe" });
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

  run();
  const files = readdirSync(path.join(folder, "deploy/secrets"));
  const tokens = Object.fromEntries(files.map((file) => [file, read(`deploy/secrets/${file}`).trim()]));
  for (const [file, token] of Object.entries(tokens)) assert.ok(token.length >= 32 && !token.includes("\n"), file);
  for (const used of readFileSync(path.join(root, "deploy/responder/responder.yaml"), "utf8").matchAll(
    /secrets\/tidemark\/(\S+)/g,
  )) {
    assert.ok(files.includes(used[1]!), used[1]);
  }
  const credentials = JSON.stringify(parse(read("deploy/tidemark/credentials.yaml")));
  for (const name of ["collector", "responder", "me"]) assert.ok(credentials.includes(name), name);
  assert.ok(!credentials.includes(tokens["collector.token"]!), "digests alone");
  assert.match(read(".env"), new RegExp(`TIDEMARK_INGEST_TOKEN=${tokens["collector.token"]}`));
  assert.match(read(".env"), /TIDEMARK_CONFIG=demo.yaml\nCOMPOSE_PROFILES=demo/);

  const before = read(".env");
  run();
  for (const [file, token] of Object.entries(tokens)) assert.equal(read(`deploy/secrets/${file}`).trim(), token);
  assert.equal(read(".env"), before);
});
