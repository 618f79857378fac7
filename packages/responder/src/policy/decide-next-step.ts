import { DATA_FAULT_CAUSES, type PolicyStep, type ResponderPolicy } from "@tidemark/schema";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import { isWithinHours } from "./within-hours.ts";

export interface NextStepFacts {
  readonly found: Case;
  readonly policy: ResponderPolicy;
  /** What this policy has done for the case so far. */
  readonly actions: readonly Action[];
  /** Expected share of useful alerts, from what people said of the policy's earlier cases of this model; in [0, 1]. */
  readonly confidence: number;
  readonly nowMs: number;
}

/** What a policy does next about a case, and why. */
export type NextStep =
  | { readonly kind: "request"; readonly step: number }
  /** Nothing now; it is asked again. */
  | { readonly kind: "wait"; readonly reason: string }
  /** Nothing more for this case. */
  | { readonly kind: "end"; readonly reason: string };

const AT_WORK: readonly string[] = ["awaiting_approval", "approved", "running", "undoing"];
/** The step was taken, in earnest or not, and the case is still open: the next one's turn. */
const SPENT: readonly string[] = ["succeeded", "no_help", "undone", "failed", "dry_run"];

/**
 * The next step of a policy for an open case: steps are taken in order, each once, the next only when the one before is
 * through and the case still open. A step that is no answer to the case's first cause is passed over; one whose time has
 * not come is waited for. Where a person said no, or nobody knows what an action did, nothing follows. Pure.
 */
export function decideNextStep(facts: NextStepFacts): NextStep {
  const { policy, actions } = facts;
  for (const [index, step] of policy.steps.entries()) {
    const taken = actions.find((action) => action.step === index);
    if (taken === undefined) {
      if (unfitReason(step, facts) !== null) continue;
      const reason = waitReason(step, facts);
      return reason === null ? { kind: "request", step: index } : { kind: "wait", reason };
    }
    if (AT_WORK.includes(taken.status)) return { kind: "wait", reason: `${taken.rung} is ${taken.status}` };
    if (taken.status === "succeeded" && taken.verifyAtMs !== null) {
      return { kind: "wait", reason: `whether ${taken.rung} helps is not known yet` };
    }
    if (!SPENT.includes(taken.status)) return { kind: "end", reason: `${taken.rung} is ${taken.status}` };
  }
  return { kind: "end", reason: "every step has been taken" };
}

/** Why a step is no answer to the case at all; null where it is. */
function unfitReason(step: PolicyStep, { found }: NextStepFacts): string | null {
  if (step.unlessAcknowledged && found.acknowledgedMs !== null) return "somebody looks after the case";
  const cause = found.cause?.kind;
  if (cause === undefined) return null;
  if (step.rung === "retrain" && DATA_FAULT_CAUSES.includes(cause)) {
    return `the first cause is ${cause}: training on such data would teach the fault`;
  }
  return step.unlessCause.includes(cause) ? `the first cause is ${cause}` : null;
}

/** Why a step has to wait; null where it may be taken now. */
function waitReason(step: PolicyStep, { found, confidence, nowMs }: NextStepFacts): string | null {
  if (!step.states.includes(found.state)) return `the state is ${found.state}`;
  // What the first cause is decides whether training helps: without one it waits.
  if (step.rung === "retrain" && found.cause === null) return "the first cause is not known";
  if (nowMs - found.openedMs < step.after) return "the case has not been open for long enough";
  if (confidence < step.minimumConfidence) return "too few of its alerts have been useful";
  if (!isWithinHours(step.hours, nowMs)) return "it is outside the step's hours";
  return null;
}
