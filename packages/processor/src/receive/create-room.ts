import type { Room } from "./otlp-endpoint.ts";

/**
 * Memory for request bodies beside what others use of the same bound.
 * @param maxBytes Bound of both together.
 * @param others Bytes that others hold now.
 */
export function createRoom(maxBytes: number, others: () => number): Room {
  let held = 0;
  return {
    isLeft: () => held + others() < maxBytes,
    take(bytes) {
      held += bytes;
    },
    held: () => held,
    give(bytes) {
      held -= bytes;
    },
  };
}
