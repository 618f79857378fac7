import { wilsonInterval } from "@tidemark/stats";
import type { Action } from "../state/actions.ts";
import { type Case, isAcknowledged } from "../state/cases.ts";
import type { Feedback } from "../state/feedback.ts";
import type { ResponderState } from "../state/responder-state.ts";
import type { AlertingSpan } from "./alerting-record.ts";
import { isTaken } from "./is-taken.ts";

/** A share with its 95 % interval, and what it rests on. */
export interface Share {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly of: number;
}

/** How well alerting did in a span of time. Null where there is nothing to divide by. Times in seconds. */
export interface AlertQuality {
  readonly from: string;
  readonly to: string;
  readonly cases: number;
  readonly perModelAndWeek: Readonly<Record<string, number>>;
  /** Of the alerts that people marked, those that were useful. */
  readonly precision: Share | null;
  /** Of the incidents that people know of (useful alerts and missed ones), those that an alert caught. */
  readonly recall: Share | null;
  /** Share of cases that fired again within an hour of closing. */
  readonly flapping: Share | null;
  /** Share of cases about which something was done, beyond telling. */
  readonly actedUpon: Share | null;
  /** Share of actions taken that were taken back. */
  readonly undone: Share | null;
  readonly medianSecondsToDetect: number | null;
  readonly medianSecondsToAcknowledge: number | null;
  readonly medianSecondsToResolve: number | null;
  readonly missed: number;
}

const WEEK_MS = 7 * 86_400_000;

/** Measures the alerts whose cases were opened in [from, to), of one model or of all. */
export function measureAlertQuality(
  { cases, feedback, actions }: ResponderState,
  { fromMs, toMs, model }: AlertingSpan,
): AlertQuality {
  const isAsked = (about: { readonly model: string }) => model === undefined || about.model === model;
  const isIn = (ms: number) => ms >= fromMs && ms < toMs;
  const found = cases.list().filter((one) => isIn(one.detectedMs) && isAsked(one));
  const ids = new Set(found.map(({ id }) => id));
  const marks = feedback.list().filter(({ caseId }) => ids.has(caseId));
  const missed = feedback.listMissed().filter((one) => isIn(one.startedMs) && isAsked(one)).length;
  const useful = countOf(marks, "useful");
  const taken = actions.list().filter((action) => ids.has(action.caseId) && isTaken(action));
  const beyondTelling = taken.filter(({ rung }) => rung !== "notify");
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    cases: found.length,
    perModelAndWeek: perModelAndWeek(found, (toMs - fromMs) / WEEK_MS),
    // A duplicate says nothing about whether the alert it repeats was right.
    precision: shareOf(useful, useful + countOf(marks, "noise")),
    recall: shareOf(useful, useful + missed),
    flapping: shareOf(found.filter(({ reopened }) => reopened > 0).length, found.length),
    actedUpon: shareOf(new Set(beyondTelling.map(({ caseId }) => caseId)).size, found.length),
    undone: shareOf(beyondTelling.filter(isUndone).length, beyondTelling.length),
    medianSecondsToDetect: medianSeconds(found, ({ openedMs, detectedMs }) => detectedMs - openedMs),
    medianSecondsToAcknowledge: medianSeconds(found, (one) =>
      one.acknowledgedMs === null
        ? null
        : one.acknowledgedMs - Math.max(one.detectedMs, isAcknowledged(one) ? one.sinceMs : 0),
    ),
    medianSecondsToResolve: medianSeconds(found, ({ closedMs, openedMs }) =>
      closedMs === null ? null : closedMs - openedMs,
    ),
    missed,
  };
}

function countOf(marks: readonly Feedback[], verdict: Feedback["verdict"]): number {
  return marks.filter((mark) => mark.verdict === verdict).length;
}

/** One that could not be taken back, or of which nobody knows it, was not. */
function isUndone({ status }: Action): boolean {
  return status === "undone";
}

function shareOf(count: number, of: number): Share | null {
  if (of === 0) return null;
  const [lower, upper] = wilsonInterval(count, of);
  return { value: count / of, lower, upper, of };
}

function perModelAndWeek(found: readonly Case[], weeks: number): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { model } of found) counts.set(model, (counts.get(model) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([model, n]) => [model, n / weeks]));
}

function medianSeconds(found: readonly Case[], spanMs: (one: Case) => number | null): number | null {
  const spans = found.flatMap((one) => spanMs(one) ?? []).sort((a, b) => a - b);
  if (spans.length === 0) return null;
  const middle = spans.length >> 1;
  const medianMs = spans.length % 2 === 1 ? spans[middle]! : (spans[middle - 1]! + spans[middle]!) / 2;
  return medianMs / 1_000;
}
