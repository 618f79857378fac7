import type { Config } from "@tidemark/schema";
import { driftReferences, referenceLags } from "@tidemark/signals";

/** Rows that arrived before `receivedMs` and whose event time lies before `eventMs`, Unix milliseconds. */
export interface Cut {
  readonly receivedMs: number;
  readonly eventMs: number;
}

/** What may go. Both cuts lie on a Monday, so that a table is rewritten once a week at most. */
export interface RetentionCut {
  readonly records: Cut;
  /** What was worked out of them is kept longer. */
  readonly results: Cut;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 5 January 1970, a Monday. */
const MONDAY_MS = 4 * DAY_MS;
/** Writers remember for a day what they need not store again (`KnownBoundaries`). */
const LEAST_MS = 2 * DAY_MS;
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
  const horizons = models.map((model) => {
    const lengths = model.windows.map(lengthMs);
    const lags = driftReferences(model).flatMap((each) =>
      lengths.flatMap((length) => referenceLags(each, length, model)),
    );
    return model.outcomeHorizon + Math.max(...lengths) + Math.max(EARLIER_MS, ...lags);
  });
  return clock.acceptPast + MARGIN_MS + Math.max(...horizons);
}

/**
 * What may be removed now; null where nothing may, as under replay, whose event time has nothing to do with the clock.
 * @param judgedMs Event times up to which each model version's windows are judged, Unix milliseconds.
 */
export function retentionCut(config: Config, nowMs: number, judgedMs: readonly number[]): RetentionCut | null {
  if (config.clock.mode === "replay") return null;
  const openMs = Math.min(nowMs, ...judgedMs) - neededMs(config);
  const cutAfter = (keptMs: number): Cut => {
    const receivedMs = mondayOf(nowMs - Math.max(keptMs, LEAST_MS));
    return { receivedMs, eventMs: Math.min(receivedMs, mondayOf(openMs)) };
  };
  const { retention, resultRetention } = config.store;
  return { records: cutAfter(retention), results: cutAfter(Math.max(retention, resultRetention)) };
}

function mondayOf(ms: number): number {
  return Math.floor((ms - MONDAY_MS) / WEEK_MS) * WEEK_MS + MONDAY_MS;
}

function lengthMs(name: string): number {
  const unit = { m: 60_000, h: 3_600_000, d: DAY_MS }[name.slice(-1)] ?? DAY_MS;
  return Number(name.slice(0, -1)) * unit;
}
