import { type ActionStore, createActionStore } from "./actions.ts";
import { type AuditLog, createAuditLog } from "./audit-log.ts";
import { type CaseStore, createCaseStore } from "./cases.ts";
import { type Database, openDatabase } from "./database.ts";
import { createFeedbackStore, type FeedbackStore } from "./feedback.ts";

/** Everything the responder remembers. */
export interface ResponderState {
  readonly database: Database;
  readonly cases: CaseStore;
  readonly actions: ActionStore;
  readonly feedback: FeedbackStore;
  readonly audit: AuditLog;
  /** The kill switch: while it is on, nothing starts. */
  isKilled(): boolean;
  setKilled(killed: boolean): void;
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
    isKilled: () => database.one<{ value: string }>("SELECT value FROM switch WHERE name = 'kill'")?.value === "on",
    setKilled(killed) {
      database.run(
        "INSERT INTO switch (name, value) VALUES ('kill', :value) ON CONFLICT (name) DO UPDATE SET value = :value",
        { value: killed ? "on" : "off" },
      );
    },
  };
}
