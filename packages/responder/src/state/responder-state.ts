import { type ActionStore, createActionStore } from "./actions.ts";
import { type AuditLog, createAuditLog } from "./audit-log.ts";
import { type CaseStore, createCaseStore } from "./cases.ts";
import { type Database, openDatabase } from "./database.ts";
import { createEarlyResolves, type EarlyResolves } from "./early-resolves.ts";
import { createFeedbackStore, type FeedbackStore } from "./feedback.ts";

/** Everything the responder remembers. */
export interface ResponderState {
  readonly database: Database;
  readonly cases: CaseStore;
  readonly actions: ActionStore;
  readonly feedback: FeedbackStore;
  readonly audit: AuditLog;
  readonly earlyResolves: EarlyResolves;
  /** The kill switch: while it is on, nothing starts. */
  isKilled(): boolean;
  setKilled(killed: boolean): void;
  /** When the heartbeat of alerting came last; null before the first. */
  heartbeatMs(): number | null;
  setHeartbeatMs(ms: number): void;
  /** When the processor answered last; null before the first time. */
  answeredMs(): number | null;
  setAnsweredMs(ms: number): void;
  /** Up to which entry the audit log has been exported as events. */
  exportedSeq(): number;
  setExportedSeq(seq: number): void;
}

/** Opens the state. Throws TidemarkError `storeCorrupt`. */
export function openResponderState(path: string): ResponderState {
  return createResponderState(openDatabase(path));
}

/** The state over a database that is open. */
export function createResponderState(database: Database): ResponderState {
  return {
    database,
    cases: createCaseStore(database),
    actions: createActionStore(database),
    feedback: createFeedbackStore(database),
    audit: createAuditLog(database),
    earlyResolves: createEarlyResolves(database),
    isKilled: () => readSwitch(database, "kill") === "on",
    setKilled: (killed) => writeSwitch(database, "kill", killed ? "on" : "off"),
    heartbeatMs: () => readTime(database, "heartbeat"),
    setHeartbeatMs: (ms) => writeSwitch(database, "heartbeat", String(ms)),
    answeredMs: () => readTime(database, "answered"),
    setAnsweredMs: (ms) => writeSwitch(database, "answered", String(ms)),
    exportedSeq: () => Number(readSwitch(database, "exported") ?? 0),
    setExportedSeq: (seq) => writeSwitch(database, "exported", String(seq)),
  };
}

function readSwitch(database: Database, name: string): string | null {
  return database.one<{ value: string }>("SELECT value FROM switch WHERE name = :name", { name })?.value ?? null;
}

function readTime(database: Database, name: string): number | null {
  const value = readSwitch(database, name);
  return value === null ? null : Number(value);
}

function writeSwitch(database: Database, name: string, value: string): void {
  database.run(
    "INSERT INTO switch (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value",
    { name, value },
  );
}
