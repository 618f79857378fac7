import { setTimeout as delay } from "node:timers/promises";

/**
 * The first answer of `ask` that is neither undefined nor an exception, asked again every 100 ms.
 * Throws after `seconds` with what the last try said.
 */
export async function poll<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + seconds * 1_000;
  let last: unknown = "no answer";
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`${what}: not within ${seconds} s; last: ${last}`);
}
