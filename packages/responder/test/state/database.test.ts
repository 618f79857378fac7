import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";

/** The tables that the first version made, as far as a later one adds to them. */
const FIRST_VERSION = `
CREATE TABLE incident_case (
  id TEXT PRIMARY KEY, model TEXT NOT NULL, version TEXT NOT NULL, signal TEXT NOT NULL, target TEXT NOT NULL,
  alert TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL, incident TEXT, cause TEXT, evidence TEXT NOT NULL,
  opened INTEGER NOT NULL, detected INTEGER NOT NULL, updated INTEGER NOT NULL, acknowledged INTEGER, closed INTEGER,
  reopened INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL) STRICT;
CREATE TABLE action (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES incident_case, policy TEXT NOT NULL, step INTEGER NOT NULL,
  rung TEXT NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL, needs_approval INTEGER NOT NULL,
  requested INTEGER NOT NULL, expires INTEGER, decided INTEGER, actor TEXT, reason TEXT, started INTEGER,
  ended INTEGER, fence INTEGER, verify_at INTEGER, result TEXT, undo_token TEXT, evidence TEXT NOT NULL) STRICT;
CREATE TABLE lease (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
INSERT INTO incident_case VALUES
  ('c1', 'm', '1', 'drift', 'x', 'A', 'critical', 'critical', NULL, NULL, '{}', 7, 8, 8, NULL, NULL, 0, 'alertmanager');
INSERT INTO lease VALUES ('responder', 'one', 4, 100);
PRAGMA user_version = 1;`;

test("a state of the first version goes on, and is opened again by the next", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-state-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "state.db");
  const old = new DatabaseSync(file);
  old.exec(FIRST_VERSION);
  old.close();
  for (const fence of [5, 6]) {
    const state = openResponderState(file);
    assert.equal(state.cases.get("c1")?.sinceMs, 7);
    assert.equal(createLease(state.database, `holder ${fence}`, 1).hold(1_000 * fence), fence);
    state.database.close();
  }
});

test("every table says in the README how long its rows are kept", () => {
  const database = openDatabase(":memory:");
  const names = database.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  database.close();
  const page = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const listed = page.slice(page.indexOf("## What its state holds"));
  assert.ok(names.length >= 10, `${names.length} tables`);
  for (const { name } of names) assert.ok(listed.includes(`\`${name}\``), `the README says nothing of ${name}`);
});
