import { type ScheduleTimes, scheduleTimes } from "@tidemark/schema";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import type { WatermarkClock } from "./watermark.ts";

/**
 * What became of a scheduled run: made in time, made late, or left out because a later instant had come by the time it could
 * be made.
 */
export type ScheduleResult = "on_time" | "late" | "skipped";

/** How a model's schedule stands. */
export interface ScheduleState {
  /**
   * When the last run was made, Unix milliseconds, by the clock or under replay in event time; after a restart the time that it was planned
   * for; null before the first.
   */
  readonly lastRunMs: number | null;
  /** The scheduled instant that the last run was for; null before the first. */
  readonly lastPlannedMs: number | null;
  /** The next scheduled instant; null under replay once the end was announced. */
  readonly nextRunMs: number | null;
  /** Seconds since the earliest run that was not made could have been; 0 where none is missing. */
  readonly overdueSeconds: number;
  /** Since the start, by result. */
  readonly runs: Readonly<Record<ScheduleResult, number>>;
}

/** Which run of each scheduled model is to be made, and what became of those before. */
export interface ScheduledRuns {
  /** Takes up which instant the last run before the start was for, Unix milliseconds; null where there was none. */
  restore(model: MonitoredModel, plannedMs: number | null): void;
  /**
   * The latest scheduled instant that the watermark has passed, where its run is not made yet: all windows that end by then
   * are to be judged. Null between runs. However many instants have passed, there is one run for them.
   */
  dueAt(model: MonitoredModel, watermarkMs: number): number | null;
  /** @param seenMs What arrived before this time was taken into account. */
  made(model: MonitoredModel, instantMs: number, seenMs: number): void;
  /** Event time up to which windows ought to be judged by now: the watermark itself where there is no schedule. */
  boundOf(model: MonitoredModel, watermarkMs: number): number;
  /** Null where the model has no schedule. */
  state(model: MonitoredModel, watermarkMs: number): ScheduleState | null;
}

interface Entry {
  readonly times: ScheduleTimes;
  /** When the model was first asked about. */
  readonly sinceMs: number;
  readonly runs: Record<ScheduleResult, number>;
  lastRunMs: number | null;
  /** Instants up to this one need no run any more. */
  plannedMs: number | null;
}

/** A run that begins this much later than it could have was held up, by a stop or by a failing store. */
const LATE_MS = 10 * 60_000;

export function createScheduledRuns(clock: WatermarkClock, now: () => number): ScheduledRuns {
  const isLive = clock.mode === "live";
  /** The watermark stays behind the clock by no more than this. */
  const waitMs = 2 * clock.allowedLatenessMs;
  const entries = new Map<MonitoredModel, Entry>();

  const entryOf = (model: MonitoredModel): Entry | null => {
    const { schedule } = model.config;
    if (schedule === undefined) return null;
    let entry = entries.get(model);
    if (entry === undefined) {
      const runs = { on_time: 0, late: 0, skipped: 0 };
      entry = { times: scheduleTimes(schedule), sinceMs: now(), runs, lastRunMs: null, plannedMs: null };
      entries.set(model, entry);
    }
    return entry;
  };

  /** Records may be ahead of the clock; a run is not. */
  const reachedMs = (watermarkMs: number): number => (isLive ? Math.min(watermarkMs, now()) : watermarkMs);

  const overdueSeconds = ({ times, sinceMs, plannedMs }: Entry): number => {
    const missedMs = isLive ? times.nextAfter(plannedMs ?? sinceMs) : null;
    return missedMs === null ? 0 : Math.max(0, now() - missedMs - waitMs) / 1000;
  };

  return {
    restore(model, plannedMs) {
      const entry = entryOf(model);
      if (entry !== null && isLive) Object.assign(entry, { plannedMs, lastRunMs: plannedMs });
    },
    dueAt(model, watermarkMs) {
      const entry = entryOf(model);
      const instantMs = entry?.times.lastAt(reachedMs(watermarkMs)) ?? null;
      return instantMs === null || (entry?.plannedMs ?? Number.NEGATIVE_INFINITY) >= instantMs ? null : instantMs;
    },
    made(model, instantMs, seenMs) {
      const entry = entryOf(model);
      if (entry === null) return;
      const isFirst = entry.plannedMs === null;
      const isLate = isLive && !isFirst && now() - instantMs > waitMs + LATE_MS;
      entry.runs[isLate ? "late" : "on_time"]++;
      if (isLive && entry.plannedMs !== null) {
        entry.runs.skipped += entry.times.countBetween(entry.plannedMs, instantMs);
      }
      // Not when it was made: the instant after it may have come meanwhile, and needs a run of its own.
      entry.plannedMs = instantMs;
      entry.lastRunMs = isLive ? Math.max(instantMs, seenMs) : instantMs;
    },
    boundOf(model, watermarkMs) {
      const entry = entryOf(model);
      if (entry === null || !Number.isFinite(watermarkMs)) return watermarkMs;
      return entry.times.lastAt(reachedMs(watermarkMs)) ?? watermarkMs;
    },
    state(model, watermarkMs) {
      const entry = entryOf(model);
      if (entry === null) return null;
      const fromMs = isLive ? now() : watermarkMs;
      return {
        lastRunMs: entry.lastRunMs,
        lastPlannedMs: entry.plannedMs,
        nextRunMs: Number.isFinite(fromMs) ? entry.times.nextAfter(fromMs) : null,
        overdueSeconds: overdueSeconds(entry),
        runs: { ...entry.runs },
      };
    },
  };
}
