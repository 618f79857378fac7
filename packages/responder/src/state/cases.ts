import type { FirstCause } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import type { Database } from "./database.ts";

/** An alert that people deal with: attached to an incident of the processor where it knows one. */
export interface Case {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly signal: string;
  readonly target: string;
  readonly alert: string;
  readonly severity: string;
  readonly state: MonitorState;
  /** Id of the processor's incident; null while it knows none. */
  readonly incident: string | null;
  readonly cause: FirstCause | null;
  /** What was seen: the processor's verdict with profile and configuration hashes, as JSON. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** When the trouble began as far as the alert knows, when the alert reached us; Unix milliseconds. */
  readonly openedMs: number;
  readonly detectedMs: number;
  readonly updatedMs: number;
  readonly acknowledgedMs: number | null;
  readonly closedMs: number | null;
  /** How often it fired again after it had closed. */
  readonly reopened: number;
  /** Since when it has fired without a break: `openedMs`, or when it opened again last. */
  readonly sinceMs: number;
  /** Who told of it: alertmanager, grafana, person. */
  readonly source: string;
}

/** Whether somebody looks after a case since it opened, or opened again. */
export function isAcknowledged({ acknowledgedMs, sinceMs }: Case): boolean {
  return acknowledgedMs !== null && acknowledgedMs >= sinceMs;
}

export interface CaseStore {
  get(id: string): Case | null;
  list(filter?: { readonly open?: boolean; readonly sinceMs?: number }): Case[];
  insert(found: Case): void;
  /** Changes the parts given. */
  update(id: string, change: Partial<Omit<Case, "id">>): void;
}

export function createCaseStore(database: Database): CaseStore {
  return {
    get(id) {
      const row = database.one<CaseRow>("SELECT * FROM incident_case WHERE id = :id", { id });
      return row === null ? null : fromRow(row);
    },
    list: ({ open = false, sinceMs = 0 } = {}) =>
      database
        .all<CaseRow>(
          `SELECT * FROM incident_case WHERE (closed IS NULL OR :open = 0) AND coalesce(closed, :since) >= :since
          ORDER BY opened DESC, id`,
          { open: open ? 1 : 0, since: sinceMs },
        )
        .map(fromRow),
    insert(found) {
      const row = toRow(found);
      const names = Object.keys(row);
      const values = names.map((name) => `:${name}`);
      database.run(`INSERT INTO incident_case (${names.join(", ")}) VALUES (${values.join(", ")})`, row);
    },
    update(id, change) {
      const known = database.one<CaseRow>("SELECT * FROM incident_case WHERE id = :id", { id });
      if (known === null) throw new RangeError(`there is no case ${id}`);
      const row = toRow({ ...fromRow(known), ...change });
      const names = Object.keys(row).filter((name) => name !== "id");
      database.run(
        `UPDATE incident_case SET ${names.map((name) => `${name} = :${name}`).join(", ")} WHERE id = :id`,
        row,
      );
    },
  };
}

interface CaseRow {
  id: string;
  model: string;
  version: string;
  signal: string;
  target: string;
  alert: string;
  severity: string;
  state: string;
  incident: string | null;
  cause: string | null;
  evidence: string;
  opened: number;
  detected: number;
  updated: number;
  acknowledged: number | null;
  closed: number | null;
  reopened: number;
  since: number;
  source: string;
}

function fromRow(row: CaseRow): Case {
  const { state, cause, evidence, opened, since, detected, updated, acknowledged, closed, ...rest } = row;
  return {
    ...rest,
    state: state as MonitorState,
    cause: cause === null ? null : (JSON.parse(cause) as FirstCause),
    evidence: JSON.parse(evidence) as Record<string, unknown>,
    openedMs: opened,
    sinceMs: since,
    detectedMs: detected,
    updatedMs: updated,
    acknowledgedMs: acknowledged,
    closedMs: closed,
  };
}

function toRow(found: Case): Record<keyof CaseRow, string | number | null> {
  const { cause, evidence, openedMs, sinceMs, detectedMs, updatedMs, acknowledgedMs, closedMs, ...rest } = found;
  return {
    ...rest,
    cause: cause === null ? null : JSON.stringify(cause),
    evidence: JSON.stringify(evidence),
    opened: openedMs,
    since: sinceMs,
    detected: detectedMs,
    updated: updatedMs,
    acknowledged: acknowledgedMs,
    closed: closedMs,
  };
}
