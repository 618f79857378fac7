import type { Database } from "./database.ts";

/** The right to act, held by one replica at a time. */
export interface Lease {
  /**
   * Takes or renews the lease. Returns its fence: a number that grows whenever another holder takes over, so that what
   * an earlier one left in work can be told; null while somebody else holds it.
   */
  hold(nowMs: number): number | null;
  /** Since when one replica or another has held it without a break: before that nobody was there to notice anything. */
  heldSinceMs(): number;
  /** Gives it up, so that another replica need not wait. */
  release(): void;
}

interface LeaseRow {
  readonly holder: string;
  readonly fence: number;
  readonly expires: number;
  readonly since: number;
}

const NAME = "responder";
/** Holder of a lease that was given up. */
const NOBODY = "";

/** @param durationMs how long it stands without renewal. */
export function createLease(database: Database, holder: string, durationMs: number): Lease {
  const parameters = { name: NAME, holder };
  const read = () =>
    database.one<LeaseRow>("SELECT holder, fence, expires, since FROM lease WHERE name = :name", { name: NAME });
  return {
    hold: (nowMs) =>
      database.transaction(() => {
        const known = read();
        const isStanding = known !== null && known.expires > nowMs;
        if (isStanding && known.holder !== holder && known.holder !== NOBODY) return null;
        const isNew = known === null || known.holder !== holder;
        const fence = (known?.fence ?? 0) + (isNew ? 1 : 0);
        database.run(
          `INSERT INTO lease (name, holder, fence, expires, since) VALUES (:name, :holder, :fence, :expires, :since)
          ON CONFLICT (name) DO UPDATE SET holder = :holder, fence = :fence, expires = :expires, since = :since`,
          { ...parameters, fence, expires: nowMs + durationMs, since: isStanding ? known.since : nowMs },
        );
        return fence;
      }),
    heldSinceMs: () => read()?.since ?? 0,
    release() {
      database.run("UPDATE lease SET holder = :nobody WHERE name = :name AND holder = :holder", {
        ...parameters,
        nobody: NOBODY,
      });
    },
  };
}
