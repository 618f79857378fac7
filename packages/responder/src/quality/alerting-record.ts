import type { PeopleRole } from "@tidemark/schema";
import type { EngineParts } from "../engine/engine-parts.ts";
import { stepOf } from "../engine/run-actions.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { MissedIncident } from "../state/feedback.ts";
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
  readonly waiting: readonly WaitingAction[];
  readonly missed: readonly MissedIncident[];
}

/** An action with the roles of those who may decide it. */
export interface WaitingAction extends Action {
  readonly approvers: readonly PeopleRole[];
}

/** A span of time [from, to), and the model that is asked about; all without one. */
export interface AlertingSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly model?: string | undefined;
}

/** The record of a span. */
export function alertingRecord(parts: Pick<EngineParts, "state" | "config">, span: AlertingSpan): AlertingRecord {
  const { state } = parts;
  const { fromMs, toMs, model } = span;
  const isAsked = (about: { readonly model: string }) => model === undefined || about.model === model;
  const isIn = (ms: number) => ms >= fromMs && ms < toMs;
  return {
    quality: measureAlertQuality(state, span),
    uses: measureAlertUse(state, span),
    redundant: findRedundantAlerts(state, span),
    cases: state.cases.list({ sinceMs: fromMs }).filter((found) => found.openedMs < toMs && isAsked(found)),
    actions: state.actions.list().filter((action) => isIn(action.requestedMs) && isAsked(action)),
    waiting: state.actions
      .list({ statuses: ["awaiting_approval"] })
      .filter(isAsked)
      .map((action) => ({ ...action, approvers: stepOf(parts, action)?.approvers ?? [] })),
    missed: state.feedback.listMissed().filter((missed) => isIn(missed.startedMs) && isAsked(missed)),
  };
}
