import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openAuditLog } from "../../src/access/audit-log.ts";

const directory = mkdtempSync(join(tmpdir(), "tidemark-audit-"));
after(() => rmSync(directory, { recursive: true }));

const event = (action: string) => ({ actor: "ann", tenant: "default", action, detail: { status: 200 } });

function written(name: string) {
  const path = join(directory, name);
  const log = openAuditLog(path, () => 0);
  for (const action of ["one", "two", "three"]) log.append(event(action));
  return { path, log };
}

test("entries are kept in order over a restart, and the chain holds", () => {
  const { path, log } = written("kept");
  log.close();
  const again = openAuditLog(path, () => 1_000);
  again.append(event("four"));
  const { entries, intact } = again.read(2);
  assert.equal(intact, true);
  assert.deepEqual(
    entries.map(({ seq, action, time }) => [seq, action, time]),
    [
      [3, "three", "1970-01-01T00:00:00.000Z"],
      [4, "four", "1970-01-01T00:00:01.000Z"],
    ],
  );
  again.close();
});

test("a line that was altered or taken out is seen", () => {
  const rows: [name: string, alter: (text: string) => string][] = [
    ["altered", (text) => text.replace('"ann"', '"bob"')],
    ["removed", (text) => text.replace(/.*\n/, "")],
    ["removed in the middle", (text) => text.replace(/\n.*\n/, "\n")],
  ];
  for (const [name, alter] of rows) {
    const { path, log } = written(name);
    writeFileSync(path, alter(readFileSync(path, "utf8")));
    assert.equal(log.read(10).intact, false, name);
    log.close();
  }
});

test("a line that a crash tore is cut off, and the log goes on", () => {
  const { path, log } = written("torn");
  log.close();
  appendFileSync(path, '{"seq":4,"ti');
  const again = openAuditLog(path, () => 0);
  again.append(event("four"));
  assert.deepEqual(
    again.read(10).entries.map(({ action }) => action),
    ["one", "two", "three", "four"],
  );
  assert.equal(again.read(10).intact, true);
  again.close();
});

test("a file that cannot be opened is one clear error", () => {
  assert.throws(() => openAuditLog(directory, () => 0), { code: "TIDEMARK_STORE_CORRUPT" });
});

test("a line that is no entry is seen, and neither the start nor the next entry fails over it", () => {
  for (const [name, line] of [
    ["no JSON", '{"seq":4,"ti'],
    ["no entry", "null"],
  ] as const) {
    const { path, log } = written(name);
    log.close();
    appendFileSync(path, `${line}\n`);
    const again = openAuditLog(path, () => 0);
    again.append(event("four"));
    const { entries, intact } = again.read(10);
    assert.equal(intact, false);
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
    again.close();
  }
});

test("an entry that could not be written whole leaves nothing behind", () => {
  const path = join(directory, "full");
  const limit = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"';
  const script = `
    const { openAuditLog } = await import(process.argv[1]);
    const log = openAuditLog(process.argv[2], () => 0);
    const event = (action) => ({ actor: "ann", tenant: "default", action, detail: { text: "x".repeat(300) } });
    log.append(event("one"));
    let failures = 0;
    for (let i = 0; i < 5; i++) try { log.append(event("more")); } catch { failures++; }
    if (failures === 0 || !log.read(10).intact) process.exit(3);`;
  const module = import.meta.resolve("../../src/access/audit-log.ts");
  const flags = ["--conditions=tidemark-source", "--input-type=module", "--eval", script, module, path];
  execFileSync("bash", ["-c", limit, process.execPath, ...flags]);
  const again = openAuditLog(path, () => 0);
  again.append(event("last"));
  const { entries, intact } = again.read(10);
  assert.equal(intact, true);
  assert.equal(entries.at(-1)!.action, "last");
  again.close();
});
