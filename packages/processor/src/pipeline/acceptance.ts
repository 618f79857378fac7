import type { Config } from "@tidemark/schema";

export interface Acceptance {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

const NANOS_PER_MS = 1_000_000n;
/** Under replay time is the records' own: from the epoch to the end of what the store's times can hold safely. */
const REPLAY: Acceptance = {
  fromUnixNano: 0n,
  toUnixNano: BigInt(Date.UTC(2200, 0, 1)) * NANOS_PER_MS,
};

/** Event times that records may have at this moment; others are refused one by one. */
export function acceptanceAt(clock: Config["clock"], nowMs: number): Acceptance {
  if (clock.mode === "replay") return REPLAY;
  return {
    fromUnixNano: BigInt(Math.trunc(nowMs - clock.acceptPast)) * NANOS_PER_MS,
    toUnixNano: BigInt(Math.trunc(nowMs + clock.acceptFuture)) * NANOS_PER_MS,
  };
}
