import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { TidemarkError } from "@tidemark/semconv";

/** The responder's own state: one SQLite file that several replicas may share. */
export interface Database {
  /** Rows of a query. */
  all<T>(sql: string, parameters?: Parameters): T[];
  /** The first row, or null. */
  one<T>(sql: string, parameters?: Parameters): T | null;
  /** Runs a statement; the number of rows it changed. */
  run(sql: string, parameters?: Parameters): number;
  /** Runs work as one transaction that takes the write lock first; an error undoes it all. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export type Parameters = Readonly<Record<string, SQLInputValue>>;

const VERSION = 2;
const BUSY_MS = 5_000;

/**
 * Opens the state and makes its tables. Every commit is synced to disk before it returns (WAL, synchronous FULL).
 * Throws TidemarkError `storeCorrupt` where the file is no state of this version.
 */
export function openDatabase(path: string): Database {
  const sqlite = open(path);
  const statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let depth = 0;

  return {
    all: <T>(sql: string, parameters: Parameters = {}) => prepare(sql).all(parameters) as T[],
    one: <T>(sql: string, parameters: Parameters = {}) => (prepare(sql).get(parameters) as T | undefined) ?? null,
    run: (sql, parameters = {}) => Number(prepare(sql).run(parameters).changes),
    transaction(work) {
      if (depth > 0) return work();
      sqlite.exec("BEGIN IMMEDIATE");
      depth++;
      try {
        const result = work();
        sqlite.exec("COMMIT");
        return result;
      } catch (error) {
        sqlite.exec("ROLLBACK");
        throw error;
      } finally {
        depth--;
      }
    },
    close: () => sqlite.close(),
  };
}

function open(path: string): DatabaseSync {
  try {
    const sqlite = new DatabaseSync(path, { timeout: BUSY_MS });
    sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    const version = versionOf(sqlite);
    if (version > VERSION) throw new Error(`it is of version ${version}; this program knows ${VERSION}`);
    sqlite.exec("BEGIN IMMEDIATE");
    // Asked again under the lock: another replica may have done it.
    if (versionOf(sqlite) === 1) sqlite.exec(FROM_VERSION_1);
    sqlite.exec(TABLES);
    sqlite.exec("COMMIT");
    return sqlite;
  } catch (cause) {
    throw new TidemarkError("storeCorrupt", `the state ${path} cannot be opened: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function versionOf(sqlite: DatabaseSync): number {
  return (sqlite.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

/** What a state of the first version lacks. */
const FROM_VERSION_1 = `
ALTER TABLE incident_case ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE incident_case SET since = opened;
ALTER TABLE action ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lease ADD COLUMN since INTEGER NOT NULL DEFAULT 0;`;

/** The audit log can only grow: SQLite itself refuses to change or remove a row. */
const TABLES = `
CREATE TABLE IF NOT EXISTS incident_case (
  id TEXT PRIMARY KEY, model TEXT NOT NULL, version TEXT NOT NULL, signal TEXT NOT NULL, target TEXT NOT NULL,
  alert TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL, incident TEXT, cause TEXT, evidence TEXT NOT NULL,
  opened INTEGER NOT NULL, detected INTEGER NOT NULL, updated INTEGER NOT NULL, acknowledged INTEGER, closed INTEGER,
  reopened INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL, since INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS open_cases ON incident_case (closed, model);
CREATE TABLE IF NOT EXISTS alert (
  fingerprint TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES incident_case, status TEXT NOT NULL,
  starts INTEGER NOT NULL, ends INTEGER, received INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS early_resolve (
  fingerprint TEXT PRIMARY KEY, starts INTEGER NOT NULL, ends INTEGER, received INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS early_resolves_by_time ON early_resolve (received);
CREATE TABLE IF NOT EXISTS action (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES incident_case, policy TEXT NOT NULL, step INTEGER NOT NULL,
  rung TEXT NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL, needs_approval INTEGER NOT NULL,
  requested INTEGER NOT NULL, expires INTEGER, decided INTEGER, actor TEXT, reason TEXT, started INTEGER,
  ended INTEGER, fence INTEGER, verify_at INTEGER, result TEXT, undo_token TEXT, evidence TEXT NOT NULL,
  reopened INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS actions_by_case ON action (case_id);
CREATE INDEX IF NOT EXISTS actions_by_start ON action (started);
CREATE TABLE IF NOT EXISTS feedback (
  case_id TEXT PRIMARY KEY, verdict TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS missed_incident (
  id INTEGER PRIMARY KEY, model TEXT NOT NULL, started INTEGER NOT NULL, description TEXT NOT NULL, actor TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lease (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, expires INTEGER NOT NULL,
  since INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS audit_by_kind ON audit (kind);
CREATE TRIGGER IF NOT EXISTS audit_is_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_never_shortened BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
PRAGMA user_version = ${VERSION};`;
