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
}

const DEFAULT_LIMIT = 1_000;

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
  };
}

function fromRow({ at, detail, ...rest }: AuditRow): AuditEntry {
  return { ...rest, atMs: at, detail: JSON.parse(detail) as AuditEntry["detail"] };
}
