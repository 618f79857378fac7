import type { Rung } from "@tidemark/schema";
import type { Database } from "./database.ts";

/** Where nothing follows any more. */
export const FINAL_STATUSES = [
  "dry_run",
  "rejected",
  "expired",
  "cancelled",
  "failed",
  "unknown",
  "helped",
  "no_help",
  "undone",
  "undo_failed",
  "undo_unknown",
] as const;

/** Where an action stands; `succeeded` is an end too where nobody looks whether it helped. */
const ACTION_STATUSES = [
  "awaiting_approval",
  "approved",
  "running",
  "succeeded",
  "undoing",
  ...FINAL_STATUSES,
] as const;
export type ActionStatus = (typeof ACTION_STATUSES)[number];

/** One step of a policy for one opening of a case: run at most once. */
export interface Action {
  /** Idempotency key: a function of case, opening, policy, step and how often it was asked for without being started. */
  readonly id: string;
  readonly caseId: string;
  /** How often the case had opened again when it was asked for. */
  readonly reopened: number;
  readonly policy: string;
  /** Index into the policy's steps. */
  readonly step: number;
  readonly rung: Rung;
  /** Name of the configured action. */
  readonly name: string;
  readonly model: string;
  readonly status: ActionStatus;
  readonly needsApproval: boolean;
  readonly requestedMs: number;
  /** When a request for approval lapses. */
  readonly expiresMs: number | null;
  readonly decidedMs: number | null;
  /** Who approved or rejected it. */
  readonly actor: string | null;
  readonly reason: string | null;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  /** The fence of the lease under which it ran. */
  readonly fence: number | null;
  /** When to look whether it helped. */
  readonly verifyAtMs: number | null;
  /** What the target said. */
  readonly result: string | null;
  /** What undoing needs to know. */
  readonly undoToken: string | null;
  /** The evidence bundle that goes with it, as JSON. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface ActionStore {
  get(id: string): Action | null;
  /** Of one case, or of all; the oldest first. */
  list(filter?: { readonly caseId?: string; readonly statuses?: readonly ActionStatus[] }): Action[];
  /** Those that started at or after a time, whatever became of them. */
  startedSince(sinceMs: number): Action[];
  insert(action: Action): void;
  /** Changes an action that is still in one of `from`; false where it is not, and then nothing is changed. */
  move(id: string, from: readonly ActionStatus[], change: Partial<Omit<Action, "id">>): boolean;
}

export function createActionStore(database: Database): ActionStore {
  const get = (id: string) => {
    const row = database.one<ActionRow>("SELECT * FROM action WHERE id = :id", { id });
    return row === null ? null : fromRow(row);
  };
  return {
    get,
    list: ({
      caseId = null,
      statuses = ACTION_STATUSES,
    }: {
      caseId?: string | null;
      statuses?: readonly string[];
    } = {}) =>
      database
        .all<ActionRow>(
          `SELECT * FROM action WHERE (:caseId IS NULL OR case_id = :caseId)
          AND status IN (SELECT value FROM json_each(:statuses)) ORDER BY requested, id`,
          { caseId, statuses: JSON.stringify(statuses) },
        )
        .map(fromRow),
    startedSince: (sinceMs) =>
      database.all<ActionRow>("SELECT * FROM action WHERE started >= :since", { since: sinceMs }).map(fromRow),
    insert(action) {
      const row = toRow(action);
      const names = Object.keys(row);
      database.run(
        `INSERT INTO action (${names.join(", ")}) VALUES (${names.map((name) => `:${name}`).join(", ")})`,
        row,
      );
    },
    move(id, from, change) {
      const known = get(id);
      if (known === null || !from.includes(known.status)) return false;
      const row = toRow({ ...known, ...change });
      const names = Object.keys(row).filter((name) => name !== "id");
      return (
        database.run(
          `UPDATE action SET ${names.map((name) => `${name} = :${name}`).join(", ")}
          WHERE id = :id AND status = :status_before`,
          { ...row, status_before: known.status },
        ) === 1
      );
    },
  };
}

interface ActionRow {
  id: string;
  case_id: string;
  reopened: number;
  policy: string;
  step: number;
  rung: string;
  name: string;
  model: string;
  status: string;
  needs_approval: number;
  requested: number;
  expires: number | null;
  decided: number | null;
  actor: string | null;
  reason: string | null;
  started: number | null;
  ended: number | null;
  fence: number | null;
  verify_at: number | null;
  result: string | null;
  undo_token: string | null;
  evidence: string;
}

function fromRow(row: ActionRow): Action {
  return {
    id: row.id,
    caseId: row.case_id,
    reopened: row.reopened,
    policy: row.policy,
    step: row.step,
    rung: row.rung as Rung,
    name: row.name,
    model: row.model,
    status: row.status as ActionStatus,
    needsApproval: row.needs_approval === 1,
    requestedMs: row.requested,
    expiresMs: row.expires,
    decidedMs: row.decided,
    actor: row.actor,
    reason: row.reason,
    startedMs: row.started,
    endedMs: row.ended,
    fence: row.fence,
    verifyAtMs: row.verify_at,
    result: row.result,
    undoToken: row.undo_token,
    evidence: JSON.parse(row.evidence) as Action["evidence"],
  };
}

function toRow(action: Action): Record<keyof ActionRow, string | number | null> {
  return {
    id: action.id,
    case_id: action.caseId,
    reopened: action.reopened,
    policy: action.policy,
    step: action.step,
    rung: action.rung,
    name: action.name,
    model: action.model,
    status: action.status,
    needs_approval: action.needsApproval ? 1 : 0,
    requested: action.requestedMs,
    expires: action.expiresMs,
    decided: action.decidedMs,
    actor: action.actor,
    reason: action.reason,
    started: action.startedMs,
    ended: action.endedMs,
    fence: action.fence,
    verify_at: action.verifyAtMs,
    result: action.result,
    undo_token: action.undoToken,
    evidence: JSON.stringify(action.evidence),
  };
}
