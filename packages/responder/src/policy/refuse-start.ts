import { type PolicyStep, type ResponderConfig, RUNGS } from "@tidemark/schema";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import { unfitReason } from "./decide-next-step.ts";

/** What a start is held against beside the action itself. */
export interface Limits {
  readonly step: PolicyStep;
  /** Every action that started in the last 24 hours or within the step's cooldown, this one not among them. */
  readonly started: readonly Action[];
  readonly modelsPerHour: number;
  readonly nowMs: number;
}

export interface StartFacts extends Limits {
  readonly action: Action;
  readonly found: Case;
  readonly isKilled: boolean;
  /** The processor has said in this round what it knows of the case. */
  readonly isAnswered: boolean;
  readonly approvalAbove: ResponderConfig["approvalAbove"];
}

/**
 * Why an approved action may not start: it is off, and may be asked for again; a person has to be asked first; or only
 * not now. Null where it may.
 */
export type StartRefusal = { readonly kind: "off" | "ask" | "later"; readonly reason: string } | null;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The safeguards, asked in the transaction that starts the action: kill switch, case still open and still one that the
 * action answers, approval by a person, and the limits. Pure.
 */
export function refuseStart(facts: StartFacts): StartRefusal {
  const { action, found, step } = facts;
  if (facts.isKilled) return { kind: "off", reason: "the kill switch is on" };
  if (found.closedMs !== null) return { kind: "off", reason: "the case has closed" };
  // More may be known than when it was asked for, or agreed to.
  const unfit = unfitReason(step, found);
  if (unfit !== null) return { kind: "off", reason: unfit };
  const needsPerson = action.needsApproval || needsApproval(action.rung, facts.approvalAbove);
  if (needsPerson && (action.actor === null || !action.needsApproval)) {
    return { kind: "ask", reason: "no person has approved it" };
  }
  if (!needsPerson && action.rung !== "notify" && !facts.isAnswered) {
    return { kind: "later", reason: "the processor has not said what it knows" };
  }
  const reason = limitReason(action, facts);
  return reason === null ? null : { kind: "later", reason };
}

/**
 * Which limit stands in the way of a start: one change at a time for a model, cooldown, budget of 24 hours, blast radius
 * of an hour; null where none does. A clock that was set back makes starts of the future, which count. Pure.
 */
export function limitReason(
  action: Pick<Action, "name" | "model" | "policy" | "step" | "rung">,
  { step, started, modelsPerHour, nowMs }: Limits,
): string | null {
  const since = (ms: number) => started.filter(({ startedMs }) => startedMs !== null && startedMs > nowMs - ms);
  const settling = started.find((other) => other.model === action.model && isSettling(other));
  if (settling !== undefined) return `${settling.name} on the same model is not settled`;
  if (since(step.cooldown).some(({ name, model }) => name === action.name && model === action.model)) {
    return "it is cooling down";
  }
  const spent = since(DAY_MS).filter((other) => other.policy === action.policy && other.step === action.step);
  if (spent.length >= step.budgetPerDay) return "its budget of 24 hours is spent";
  const touched = new Set(since(HOUR_MS).flatMap(({ rung, model }) => (rung === "notify" ? [] : [model])));
  if (action.rung !== "notify" && touched.add(action.model).size > modelsPerHour) {
    return "too many models have been touched in the last hour";
  }
  return null;
}

/** Whether a rung waits for a person. */
export function needsApproval(rung: Action["rung"], approvalAbove: Action["rung"]): boolean {
  return RUNGS.indexOf(rung) > RUNGS.indexOf(approvalAbove);
}

/**
 * The change that a case may be the effect of: the latest one to its model, taken back or not, in the day before the
 * case began, or began again. A policy that answered it by itself could act on its own effect for ever.
 */
export function possibleOrigin(
  found: Pick<Case, "id" | "model" | "sinceMs" | "reopened">,
  started: readonly Action[],
): Action | null {
  const changes = started.filter(
    ({ rung, model, caseId, reopened, startedMs }) =>
      rung !== "notify" &&
      model === found.model &&
      !(caseId === found.id && reopened === found.reopened) &&
      startedMs !== null &&
      startedMs <= found.sinceMs &&
      startedMs > found.sinceMs - DAY_MS,
  );
  return changes.toSorted((a, b) => a.startedMs! - b.startedMs!).at(-1) ?? null;
}

/** In work, or done and not looked at yet: what the model does now may be its effect. */
function isSettling({ rung, status, verifyAtMs }: Action): boolean {
  if (rung === "notify") return false;
  return status === "running" || status === "undoing" || (status === "succeeded" && verifyAtMs !== null);
}
