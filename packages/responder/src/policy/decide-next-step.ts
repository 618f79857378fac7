import { DATA_FAULT_CAUSES, type PolicyStep, type ResponderPolicy } from "@tidemark/schema";
import type { Action } from "../state/actions.ts";
import { type Case, isAcknowledged } from "../state/cases.ts";
import { isWithinHours } from "./within-hours.ts";

export interface NextStepFacts {
  readonly found: Case;
  readonly policy: ResponderPolicy;
  /** What this policy has asked for since the case opened, or opened again: the latest of each step. */
  readonly actions: readonly Action[];
  /** What it had asked for before the case opened again. */
  readonly earlier: readonly Action[];
  /** The processor has said in this round what it knows of the case. */
  readonly isAnswered: boolean;
  /** Expected share of useful alerts, from what people said of the policy's earlier cases of this model; in [0, 1]. */
  readonly confidence: number;
  /** Why no action could start for this step now; null where one could. */
  readonly startWait: (step: PolicyStep, index: number) => string | null;
  readonly nowMs: number;
}

/** What a policy does next about a case, and why. */
export type NextStep =
  | { readonly kind: "request"; readonly step: number }
  /** Nothing now; it is asked again. */
  | { readonly kind: "wait"; readonly step: number; readonly reason: string }
  /** Nothing more for this case. */
  | { readonly kind: "end"; readonly reason: string };

const AT_WORK: readonly string[] = ["awaiting_approval", "approved", "running", "undoing"];
/** A person has said no, or nobody knows how things stand: what changes something stops there, however often it fires. */
const STOPS: readonly string[] = ["rejected", "unknown", "undo_failed", "undo_unknown"];

/**
 * The next step of a policy for an open case: steps are taken in order, each once for every time that the case opens, the
 * next only when the one before is through and the case still open. A step that is no answer to the case's first cause is
 * passed over; one whose time has not come is waited for. One that was asked for and could not start is asked for again,
 * except a message, which is old news by then. Pure.
 */
export function decideNextStep(facts: NextStepFacts): NextStep {
  const { policy, actions, earlier } = facts;
  for (const [index, step] of policy.steps.entries()) {
    const changesSomething = step.rung !== "notify";
    const taken = actions.find((action) => action.step === index);
    const stopped = [...earlier, ...actions].find((one) => one.step === index && STOPS.includes(one.status));
    if (changesSomething && stopped !== undefined) {
      return { kind: "end", reason: `${stopped.rung} is ${stopped.status}` };
    }
    if (taken === undefined || hasNotStarted(taken)) {
      if (unfitReason(step, facts.found) !== null) continue;
      const reason = waitReason(step, facts) ?? facts.startWait(step, index);
      return reason === null ? { kind: "request", step: index } : { kind: "wait", step: index, reason };
    }
    if (AT_WORK.includes(taken.status))
      return { kind: "wait", step: index, reason: `it is ${taken.status.replaceAll("_", " ")}` };
    if (taken.status === "succeeded" && taken.verifyAtMs !== null) {
      return { kind: "wait", step: index, reason: "whether it helps is not known yet" };
    }
  }
  return { kind: "end", reason: "every step has been taken" };
}

/** Asked for in vain: nobody decided in time, or something stood in its way. */
function hasNotStarted({ rung, status }: Action): boolean {
  return status === "cancelled" || (status === "expired" && rung !== "notify");
}

/** Why a step is no answer to the case at all; null where it is. */
export function unfitReason(step: PolicyStep, found: Case): string | null {
  if (step.unlessAcknowledged && isAcknowledged(found)) return "somebody looks after the case";
  const cause = found.cause?.kind;
  if (cause === undefined) return null;
  if (step.rung === "retrain" && DATA_FAULT_CAUSES.includes(cause)) {
    return `the first cause is ${cause}: training on such data would teach the fault`;
  }
  return step.unlessCause.includes(cause) ? `the first cause is ${cause}` : null;
}

/** Why a step has to wait; null where it may be taken now. */
function waitReason(step: PolicyStep, { found, confidence, isAnswered, nowMs }: NextStepFacts): string | null {
  if (!step.states.includes(found.state)) return `the state is ${found.state}`;
  if (step.rung !== "notify") {
    // What a step is no answer to must be known before it changes anything.
    if (!isAnswered) return "the processor has not said what it knows";
    if (step.unlessCause.length > 0 && found.cause === null) return "the first cause is not known";
  }
  // What the first cause is decides whether training helps: without one it waits.
  if (step.rung === "retrain" && (found.cause === null || found.cause.kind === "unknown")) {
    return "the first cause is not known";
  }
  if (nowMs - found.sinceMs < step.after) return "the case has not been open for long enough";
  if (confidence < step.minimumConfidence) return "too few of its alerts have been useful";
  if (!isWithinHours(step.hours, nowMs)) return "it is outside the step's hours";
  return null;
}
