import { FINAL_STATUSES } from "./actions.ts";
import type { Database } from "./database.ts";

/** One thing that happened: who did what to what, and why. */
export interface AuditEntry {
  readonly seq: number;
  readonly atMs: number;
  /** A person's name, or `responder`. */
  readonly actor: string;
  /** Name of the event: `ml.action.approved`, `webhook.refused`, ... */
  readonly kind: string;
  /** Id of the case or the action, or what else it is about. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditLog {
  /** Adds an entry within the transaction that does the thing. */
  append(entry: Omit<AuditEntry, "seq">): void;
  /** Entries about any of the subjects (all of them without one), oldest first, at most `limit` of the newest. */
  list(filter?: { readonly subjects?: readonly string[]; readonly limit?: number }): AuditEntry[];
  /** Entries after one, oldest first, at most `limit`. */
  since(seq: number, limit: number): AuditEntry[];
  /** How often actions came to what, by rung; only ever grows. An action that ran and then helped came to both. */
  countEnds(): { readonly rung: string; readonly result: string; readonly count: number }[];
  /** How much was refused, by the entries' kind without `.refused`; only ever grows. */
  countRefusals(): { readonly kind: string; readonly count: number }[];
}

const DEFAULT_LIMIT = 1_000;
const REFUSED_KINDS = ["webhook", "sign_in", "form", "api", "approval", "config"].map((what) => `${what}.refused`);

interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  kind: string;
  subject: string;
  detail: string;
}

export function createAuditLog(database: Database): AuditLog {
  return {
    append({ atMs, actor, kind, subject, detail }) {
      database.run(
        "INSERT INTO audit (at, actor, kind, subject, detail) VALUES (:at, :actor, :kind, :subject, :detail)",
        { at: atMs, actor, kind, subject, detail: JSON.stringify(detail) },
      );
    },
    list({ subjects = [], limit = DEFAULT_LIMIT } = {}) {
      const rows = database.all<AuditRow>(
        `SELECT * FROM audit WHERE :all = 1 OR subject IN (SELECT value FROM json_each(:subjects))
        ORDER BY seq DESC LIMIT :limit`,
        { all: subjects.length === 0 ? 1 : 0, subjects: JSON.stringify(subjects), limit },
      );
      return rows.reverse().map(fromRow);
    },
    since: (seq, limit) =>
      database
        .all<AuditRow>("SELECT * FROM audit WHERE seq > :seq ORDER BY seq LIMIT :limit", { seq, limit })
        .map(fromRow),
    countEnds: () =>
      database.all(
        `SELECT rung, result, count(*) AS count FROM (
          SELECT rung, CASE kind WHEN 'ml.action.rejected' THEN 'rejected' ELSE detail ->> 'status' END AS result
          FROM audit JOIN action ON action.id = subject
          WHERE kind IN ('ml.action.executed', 'ml.action.failed', 'ml.action.suppressed', 'ml.action.rejected')
          AND (detail ->> 'late') IS NOT 1)
        WHERE result IN (SELECT value FROM json_each(:ends)) GROUP BY rung, result ORDER BY rung, result`,
        { ends: JSON.stringify(["succeeded", ...FINAL_STATUSES]) },
      ),
    countRefusals: () =>
      database.all(
        `SELECT replace(kind, '.refused', '') AS kind, sum(coalesce(detail ->> 'more', 1)) AS count FROM audit
        WHERE kind IN (SELECT value FROM json_each(:kinds)) GROUP BY kind ORDER BY kind`,
        { kinds: JSON.stringify(REFUSED_KINDS) },
      ),
  };
}

function fromRow({ at, detail, ...rest }: AuditRow): AuditEntry {
  return { ...rest, atMs: at, detail: JSON.parse(detail) as AuditEntry["detail"] };
}
