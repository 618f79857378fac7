import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;
/** Evaluation waits for the way in, but not for ever: under lasting overload windows are still judged. */
const MAX_WAIT_MS = 1_000;

/**
 * Resolves when less than half of the queue is in use, or after a second.
 * @param usage Share of the queue in use, in [0, 1].
 */
export async function yieldToIngest(usage: () => number): Promise<void> {
  for (let waitedMs = 0; usage() > 0.5 && waitedMs < MAX_WAIT_MS; waitedMs += POLL_MS) await sleep(POLL_MS);
}
