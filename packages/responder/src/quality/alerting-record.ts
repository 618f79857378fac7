import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { MissedIncident } from "../state/feedback.ts";
import type { ResponderState } from "../state/responder-state.ts";
import { type AlertQuality, measureAlertQuality } from "./measure-alert-quality.ts";
import { type AlertUse, findRedundantAlerts, measureAlertUse, type RedundantAlerts } from "./measure-alert-use.ts";

/** Everything a review says of alerts, people and actions in a span of time. */
export interface AlertingRecord {
  readonly quality: AlertQuality;
  readonly uses: readonly AlertUse[];
  readonly redundant: readonly RedundantAlerts[];
  /** Cases that were open at some time of the span. */
  readonly cases: readonly Case[];
  /** Actions that were requested in the span, and those that wait for a person now. */
  readonly actions: readonly Action[];
  readonly waiting: readonly Action[];
  readonly missed: readonly MissedIncident[];
}

/** The record of [from, to). */
export function alertingRecord(
  state: ResponderState,
  span: { readonly fromMs: number; readonly toMs: number },
): AlertingRecord {
  const { fromMs, toMs } = span;
  const isIn = (ms: number) => ms >= fromMs && ms < toMs;
  return {
    quality: measureAlertQuality(state, span),
    uses: measureAlertUse(state, span),
    redundant: findRedundantAlerts(state, span),
    cases: state.cases.list({ sinceMs: fromMs }).filter(({ openedMs }) => openedMs < toMs),
    actions: state.actions.list().filter(({ requestedMs }) => isIn(requestedMs)),
    waiting: state.actions.list({ statuses: ["awaiting_approval"] }),
    missed: state.feedback.listMissed().filter(({ startedMs }) => isIn(startedMs)),
  };
}
