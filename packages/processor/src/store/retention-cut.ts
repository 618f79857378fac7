import type { Config } from "@tidemark/schema";
import type { RetentionCut } from "./retention.ts";

const DAY_MS = 86_400_000;
/** A window is compared with the same window up to four weeks before. */
const EARLIER_MS = 28 * DAY_MS;
/** Cumulative points are read from a week before their window, and partitions are weeks. */
const MARGIN_MS = 14 * DAY_MS;

/**
 * How far back of the event time that is judged now records may still be read: a record may come `acceptPast` late, an
 * outcome `outcomeHorizon` after its prediction, and what they touch is judged again with the windows that are compared
 * with it. In milliseconds.
 */
export function neededMs({ clock, models }: Config): number {
  const horizons = models.map(({ outcomeHorizon, windows }) => outcomeHorizon + Math.max(...windows.map(lengthMs)));
  return clock.acceptPast + EARLIER_MS + MARGIN_MS + Math.max(...horizons);
}

/**
 * What may be removed now; null where nothing may, as under replay, whose event time has nothing to do with the clock.
 * @param judgedMs Event times up to which each model version's windows are judged, Unix milliseconds.
 */
export function retentionCut(config: Config, nowMs: number, judgedMs: readonly number[]): RetentionCut | null {
  if (config.clock.mode === "replay") return null;
  const receivedMs = nowMs - config.store.retention;
  return { receivedMs, eventMs: Math.min(receivedMs, Math.min(nowMs, ...judgedMs) - neededMs(config)) };
}

function lengthMs(name: string): number {
  const unit = { m: 60_000, h: 3_600_000, d: DAY_MS }[name.slice(-1)] ?? DAY_MS;
  return Number(name.slice(0, -1)) * unit;
}
