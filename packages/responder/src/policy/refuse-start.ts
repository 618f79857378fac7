import { type PolicyStep, type ResponderConfig, RUNGS } from "@tidemark/schema";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";

export interface StartFacts {
  readonly action: Action;
  readonly step: PolicyStep;
  readonly isCaseOpen: boolean;
  readonly isKilled: boolean;
  /** Every action that started in the last 24 hours or within the step's cooldown, this one not among them. */
  readonly started: readonly Action[];
  readonly limits: Pick<ResponderConfig, "modelsPerHour" | "approvalAbove">;
  readonly nowMs: number;
}

/** Why an approved action may not start: for good, or only now; null where it may. */
export type StartRefusal = { readonly isFinal: boolean; readonly reason: string } | null;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The safeguards, asked in the transaction that starts the action: kill switch, case still open, approval by a person,
 * one change at a time for a model, cooldown, budget of 24 hours, blast radius of an hour. A clock that was set back
 * makes starts of the future, which count. Pure.
 */
export function refuseStart(facts: StartFacts): StartRefusal {
  const { action, step, started, limits, nowMs } = facts;
  const since = (ms: number) => started.filter(({ startedMs }) => startedMs !== null && startedMs > nowMs - ms);
  if (facts.isKilled) return { isFinal: true, reason: "the kill switch is on" };
  if (!facts.isCaseOpen) return { isFinal: true, reason: "the case has closed" };
  const needsPerson = action.needsApproval || needsApproval(action.rung, limits.approvalAbove);
  if (needsPerson && (action.actor === null || !action.needsApproval)) {
    return { isFinal: true, reason: "no person has approved it" };
  }
  const settling = started.find((other) => other.model === action.model && isSettling(other));
  if (settling !== undefined) return later(`${settling.name} on the same model is not settled`);
  if (since(step.cooldown).some(({ name, model }) => name === action.name && model === action.model)) {
    return later("it is cooling down");
  }
  const spent = since(DAY_MS).filter((other) => other.policy === action.policy && other.step === action.step);
  if (spent.length >= step.budgetPerDay) return later("its budget of 24 hours is spent");
  const touched = new Set(since(HOUR_MS).flatMap(({ rung, model }) => (rung === "notify" ? [] : [model])));
  if (action.rung !== "notify" && touched.add(action.model).size > limits.modelsPerHour) {
    return later("too many models have been touched in the last hour");
  }
  return null;
}

/** Whether a rung waits for a person. */
export function needsApproval(rung: Action["rung"], approvalAbove: Action["rung"]): boolean {
  return RUNGS.indexOf(rung) > RUNGS.indexOf(approvalAbove);
}

/**
 * The change that a case may be the effect of: the latest one to its model, taken back or not, in the day before the
 * case began. A policy that answered it by itself could act on its own effect for ever.
 */
export function possibleOrigin(
  found: Pick<Case, "id" | "model" | "openedMs">,
  started: readonly Action[],
): Action | null {
  const changes = started.filter(
    ({ rung, model, caseId, startedMs }) =>
      rung !== "notify" &&
      model === found.model &&
      caseId !== found.id &&
      startedMs !== null &&
      startedMs <= found.openedMs &&
      startedMs > found.openedMs - DAY_MS,
  );
  return changes.toSorted((a, b) => a.startedMs! - b.startedMs!).at(-1) ?? null;
}

/** In work, or done and not looked at yet: what the model does now may be its effect. */
function isSettling({ rung, status, verifyAtMs }: Action): boolean {
  if (rung === "notify") return false;
  return status === "running" || status === "undoing" || (status === "succeeded" && verifyAtMs !== null);
}

function later(reason: string): StartRefusal {
  return { isFinal: false, reason };
}
