import { TidemarkError } from "@tidemark/semconv";

export const REVIEW_KINDS = ["weekly", "monthly"] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** A span of event time; the end is exclusive. ISO 8601, UTC. */
export interface ReviewPeriod {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970 was a Thursday: the first Monday is the 5th. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The last calendar week (from Monday) or month, in UTC, that has ended at `untilMs`. */
export function lastWholePeriod(kind: ReviewKind, untilMs: number): ReviewPeriod {
  if (kind === "weekly") {
    const toMs = Math.floor((untilMs - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
    return periodOf(toMs - WEEK_MS, toMs);
  }
  const until = new Date(untilMs);
  const [year, month] = [until.getUTCFullYear(), until.getUTCMonth()];
  return periodOf(Date.UTC(year, month - 1), Date.UTC(year, month));
}

/**
 * The period from one day to another, as a person types them.
 * Throws TidemarkError `usage` where one is no date, or the second is not after the first.
 */
export function chosenPeriod(from: string, to: string): ReviewPeriod {
  const [fromMs, toMs] = [timeOf("--from", from), timeOf("--to", to)];
  if (fromMs >= toMs) throw new TidemarkError("usage", `--to ${to} is not after --from ${from}`);
  return periodOf(fromMs, toMs);
}

function timeOf(option: string, text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}(T.*Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new TidemarkError("usage", `${option} "${text}": expected a day such as 2026-11-23`);
  return ms;
}

function periodOf(fromMs: number, toMs: number): ReviewPeriod {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
