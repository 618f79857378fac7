import type { FairShare } from "./fair-share.ts";
import type { Room } from "./otlp-endpoint.ts";
import type { HoldBytes } from "./read-body.ts";

export interface HeldBody {
  /** Takes a piece that has arrived; false where no room is left for it. */
  readonly hold: HoldBytes;
  /** Gives all of it back. */
  release(): void;
}

/** Counts the bytes of one request's body, as they arrive, against the room of all and the share of its tenant. */
export function holdBody(room: Room, shares: FairShare, tenant: string): HeldBody {
  let held = 0;
  return {
    hold(bytes) {
      if (!room.isLeft()) return false;
      room.take(bytes);
      shares.take(tenant, bytes);
      held += bytes;
      return true;
    },
    release() {
      room.give(held);
      shares.give(tenant, held);
      held = 0;
    },
  };
}
