import type { Database } from "./database.ts";

/** The end of an alert whose beginning has not come yet. */
export interface EarlyResolve {
  readonly fingerprint: string;
  readonly startsMs: number;
  readonly endsMs: number | null;
}

/** Ends that came before their beginnings: webhooks are delivered in any order. */
export interface EarlyResolves {
  remember(resolve: EarlyResolve, nowMs: number): void;
  /** The end of a start, or of a later one of the same alert, which is forgotten by it; null where none came. */
  take(fingerprint: string, startsMs: number): EarlyResolve | null;
}

const REMEMBER_MS = 40 * 86_400_000;
/** Most that are kept: the oldest go first. */
const MAX_KEPT = 10_000;

export function createEarlyResolves(database: Database): EarlyResolves {
  return {
    remember({ fingerprint, startsMs, endsMs }, nowMs) {
      database.run(
        `INSERT INTO early_resolve (fingerprint, starts, ends, received) VALUES (:fingerprint, :startsMs, :endsMs, :nowMs)
        ON CONFLICT (fingerprint) DO UPDATE SET starts = :startsMs, ends = :endsMs, received = :nowMs
        WHERE starts <= :startsMs`,
        { fingerprint, startsMs, endsMs, nowMs },
      );
      database.run(
        `DELETE FROM early_resolve WHERE received < :before OR fingerprint IN
        (SELECT fingerprint FROM early_resolve ORDER BY received DESC LIMIT -1 OFFSET :kept)`,
        { before: nowMs - REMEMBER_MS, kept: MAX_KEPT },
      );
    },
    take: (fingerprint, startsMs) =>
      database.one<EarlyResolve>(
        `DELETE FROM early_resolve WHERE fingerprint = :fingerprint AND starts >= :startsMs
        RETURNING fingerprint, starts AS startsMs, ends AS endsMs`,
        { fingerprint, startsMs },
      ),
  };
}
