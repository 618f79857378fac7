import type { Case } from "../state/cases.ts";
import type { FeedbackVerdict } from "../state/feedback.ts";
import type { ResponderState } from "../state/responder-state.ts";
import type { AlertingSpan } from "./alerting-record.ts";
import { isTaken } from "./is-taken.ts";

/** What became of one alert about one target in a span of time. */
export interface AlertUse {
  readonly alert: string;
  readonly model: string;
  readonly signal: string;
  readonly target: string;
  readonly cases: number;
  readonly useful: number;
  readonly noise: number;
  readonly duplicate: number;
  /** Cases that nobody acknowledged, marked or acted upon beyond telling. */
  readonly untouched: number;
  /** How often a case fired again within an hour of closing. */
  readonly reopened: number;
}

/** Two alerts that open together: one of them would do. */
export interface RedundantAlerts {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  /** Times that both opened within a quarter of an hour, and times that either did. */
  readonly together: number;
  readonly either: number;
}

const TOGETHER_MS = 15 * 60_000;
const LEAST_TIMES = 5;
const LEAST_SHARE = 0.9;

/** What became of each alert whose cases opened in [from, to); the noisiest first. */
export function measureAlertUse({ cases, feedback, actions }: ResponderState, span: AlertingSpan): AlertUse[] {
  const found = cases.list().filter((one) => isWithin(one, span));
  const verdicts = new Map(feedback.list().map(({ caseId, verdict }) => [caseId, verdict]));
  const actedUpon = new Set(
    actions.list().flatMap((action) => (isTaken(action) && action.rung !== "notify" ? action.caseId : [])),
  );
  const uses = [...Map.groupBy(found, alertKey).values()].map((group): AlertUse => {
    const { alert, model, signal, target } = group[0]!;
    const count = (verdict: FeedbackVerdict) => group.filter(({ id }) => verdicts.get(id) === verdict).length;
    const untouched = group.filter(
      ({ id, acknowledgedMs }) => acknowledgedMs === null && !verdicts.has(id) && !actedUpon.has(id),
    );
    return {
      alert,
      model,
      signal,
      target,
      cases: group.length,
      useful: count("useful"),
      noise: count("noise"),
      duplicate: count("duplicate"),
      untouched: untouched.length,
      reopened: group.reduce((sum, { reopened }) => sum + reopened, 0),
    };
  });
  return uses.sort((a, b) => b.noise - a.noise || b.untouched - a.untouched || (alertKey(a) < alertKey(b) ? -1 : 1));
}

/**
 * Pairs of alerts about one model of which, in at least nine of ten times and at least five, neither opens without the
 * other.
 */
export function findRedundantAlerts({ cases }: ResponderState, span: AlertingSpan): RedundantAlerts[] {
  const found = cases.list().filter((one) => isWithin(one, span));
  return [...Map.groupBy(found, ({ model }) => model)].flatMap(([model, own]) => {
    const groups = [...Map.groupBy(own, alertKey).values()].sort((a, b) => (nameOf(a[0]!) < nameOf(b[0]!) ? -1 : 1));
    return groups.flatMap((first, index) =>
      groups.slice(index + 1).flatMap((second) => {
        const together = countPairs(first, second);
        const either = first.length + second.length - together;
        if (together < LEAST_TIMES || together < LEAST_SHARE * either) return [];
        return [{ model, first: nameOf(first[0]!), second: nameOf(second[0]!), together, either }];
      }),
    );
  });
}

function isWithin({ detectedMs, model }: Case, span: AlertingSpan): boolean {
  return detectedMs >= span.fromMs && detectedMs < span.toMs && (span.model === undefined || model === span.model);
}

/** Pairs of one case of each, about one version, that opened together; none is in two of them. */
function countPairs(first: readonly Case[], second: readonly Case[]): number {
  const inOrder = (found: readonly Case[]) => found.toSorted((a, b) => a.openedMs - b.openedMs);
  const left = inOrder(second);
  return inOrder(first).filter((one) => {
    const index = left.findIndex(
      (other) => other.version === one.version && Math.abs(one.openedMs - other.openedMs) <= TOGETHER_MS,
    );
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  }).length;
}

/** Of every version: lines are set for the model. */
function alertKey({ alert, model, signal, target }: Pick<Case, "alert" | "model" | "signal" | "target">): string {
  return JSON.stringify([alert, model, signal, target]);
}

function nameOf({ alert, signal, target }: Case): string {
  return `${alert} of ${target} (${signal})`;
}
