import { setTimeout } from "node:timers/promises";

/** A processor that is busy for longer than this has another problem. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Asks again, with growing pauses, while the answer is that the processor is busy (429 or 503): the first other answer, or
 * the last one after a minute. What is asked must be the same thing when it is done twice.
 */
export async function askWhileBusy(ask: () => Promise<Response>): Promise<Response> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
    const response = await ask();
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || performance.now() > deadlineMs) return response;
    await response.body?.cancel();
    await setTimeout(pauseMs);
  }
}
