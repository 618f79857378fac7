import type { Logger } from "pino";
import { readSecret } from "../act/read-secret.ts";
import type { EngineParts } from "../engine/engine-parts.ts";
import { type CanaryResult, flyCanary } from "./canary.ts";
import { raiseSelfAlarm } from "./self-alarm.ts";

const ALERT = "TidemarkCanaryLost";
/** One may be lost to a restart; two in a row are a fault. */
const LOST_BEFORE_ALARM = 2;

export interface Canary {
  /** What came of the canaries so far. */
  readonly counts: { readonly arrived: number; readonly lost: number };
  readonly last: CanaryResult | null;
  stop(): Promise<void>;
}

/**
 * Sends a canary at once and then again and again; nothing where none is configured. Two lost in a row are a case, which
 * one that arrives closes.
 */
export async function startCanary(
  parts: EngineParts,
  { readToken, isHolder, logger }: { readToken: string | null; isHolder: () => boolean; logger: Logger },
): Promise<Canary | null> {
  const { canary } = parts.config.watch;
  if (canary === undefined) return null;
  const ingestToken = canary.tokenFile === undefined ? null : await readSecret(parts.directory, canary.tokenFile);
  const { endpoint, within: withinMs } = canary;
  const target = { endpoint, ingestToken, readToken, processor: parts.config.processor, withinMs };
  const counts = { arrived: 0, lost: 0 };
  let last: CanaryResult | null = null;
  let lostInARow = 0;
  let running: Promise<void> | null = null;

  const fly = async (): Promise<void> => {
    if (!isHolder()) return;
    last = await flyCanary(target, counts.arrived + counts.lost);
    if (last.problem === null) counts.arrived++;
    else counts.lost++;
    lostInARow = last.problem === null ? 0 : lostInARow + 1;
    if (last.problem !== null) logger.warn({ problem: last.problem }, "a canary was lost");
    // While it flew the lease may have passed on, and the new holder's word counts.
    if (!isHolder()) return;
    // The first one lost says nothing yet, and least of all that an earlier holder's alarm is over.
    if (last.problem !== null && lostInARow < LOST_BEFORE_ALARM) return;
    raiseSelfAlarm(parts, { name: ALERT, target: "pipeline", problem: last.problem });
  };
  const look = () => {
    // One that is still out is not overtaken by the next.
    running ??= fly()
      .catch((error: unknown) => logger.error({ err: error }, "a canary could not be judged"))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, canary.every);
  look();
  return {
    counts,
    get last() {
      return last;
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
