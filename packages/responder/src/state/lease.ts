import type { Database } from "./database.ts";

/** The right to act, held by one replica at a time. */
export interface Lease {
  /**
   * Takes or renews the lease. Returns its fence: a number that grows whenever another holder takes over, so that what
   * an earlier one left in work can be told; null while somebody else holds it.
   */
  hold(nowMs: number): number | null;
  /** Gives it up, so that another replica need not wait. */
  release(): void;
}

const NAME = "responder";

/** @param durationMs how long it stands without renewal. */
export function createLease(database: Database, holder: string, durationMs: number): Lease {
  const parameters = { name: NAME, holder };
  return {
    hold: (nowMs) =>
      database.transaction(() => {
        const known = database.one<{ holder: string; fence: number; expires: number }>(
          "SELECT holder, fence, expires FROM lease WHERE name = :name",
          { name: NAME },
        );
        if (known !== null && known.holder !== holder && known.expires > nowMs) return null;
        const isNew = known === null || known.holder !== holder;
        const fence = (known?.fence ?? 0) + (isNew ? 1 : 0);
        database.run(
          `INSERT INTO lease (name, holder, fence, expires) VALUES (:name, :holder, :fence, :expires)
          ON CONFLICT (name) DO UPDATE SET holder = :holder, fence = :fence, expires = :expires`,
          { ...parameters, fence, expires: nowMs + durationMs },
        );
        return fence;
      }),
    release() {
      database.run("UPDATE lease SET expires = 0, holder = '' WHERE name = :name AND holder = :holder", parameters);
    },
  };
}
