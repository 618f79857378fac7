import { createHash } from "node:crypto";
import type { PolicyStep, ResponderPolicy } from "@tidemark/schema";
import { decideNextStep } from "../policy/decide-next-step.ts";
import { needsApproval, possibleOrigin } from "../policy/refuse-start.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { EngineParts } from "./engine-parts.ts";

const DAY_MS = 86_400_000;

/**
 * Requests what each policy would do next about each open case that the processor has been asked about in this round: an
 * alert that came since waits for the next. Every request is stored before anything is done.
 */
export function requestSteps(parts: EngineParts, asked: ReadonlySet<string>): void {
  const { state, config } = parts;
  state.database.transaction(() => {
    for (const found of state.cases.list({ open: true })) {
      if (!asked.has(found.id)) continue;
      for (const policy of config.policies) {
        if (isAbout(policy, found)) requestNext(parts, found, policy);
      }
    }
  });
}

/** Equal for the same step of the same policy about the same case; a rehearsal has another than the real thing. */
function actionId(caseId: string, policy: string, step: number, isDryRun: boolean): string {
  return createHash("sha256")
    .update(JSON.stringify([caseId, policy, step, isDryRun]))
    .digest("hex")
    .slice(0, 32);
}

function isAbout(policy: ResponderPolicy, found: Case): boolean {
  const isModel = policy.models.includes("*") || policy.models.includes(found.model);
  return isModel && (policy.signals as readonly string[]).includes(found.signal);
}

function requestNext(parts: EngineParts, found: Case, policy: ResponderPolicy): void {
  const { state, config, now } = parts;
  const ids = policy.steps.map((_, step) => actionId(found.id, policy.name, step, config.dryRun));
  const actions = state.actions.list({ caseId: found.id }).filter(({ id }) => ids.includes(id));
  const nowMs = now();
  const next = decideNextStep({ found, policy, actions, confidence: confidenceIn(parts, policy, found.model), nowMs });
  if (next.kind !== "request") return;
  const step = policy.steps[next.step]!;
  const action = newAction(parts, found, policy, step, { id: ids[next.step]!, step: next.step, nowMs });
  state.actions.insert(action);
  state.audit.append({
    atMs: nowMs,
    actor: "responder",
    kind: "ml.action.requested",
    subject: action.id,
    detail: {
      case: found.id,
      policy: policy.name,
      step: next.step,
      rung: step.rung,
      action: step.action,
      dryRun: config.dryRun,
      needsApproval: action.needsApproval,
      ...(action.result === null ? {} : { reason: action.result }),
    },
  });
  parts.onChange(action);
}

function newAction(
  { config, state }: EngineParts,
  found: Case,
  policy: ResponderPolicy,
  step: PolicyStep,
  { id, step: index, nowMs }: { readonly id: string; readonly step: number; readonly nowMs: number },
): Action {
  const origin =
    step.rung === "notify" ? null : possibleOrigin(found, state.actions.startedSince(found.openedMs - DAY_MS));
  // A rehearsal does nothing that somebody would have to agree to.
  const waits = !config.dryRun && (origin !== null || needsApproval(step.rung, config.approvalAbove));
  return {
    id,
    caseId: found.id,
    policy: policy.name,
    step: index,
    rung: step.rung,
    name: step.action,
    model: found.model,
    status: waits ? "awaiting_approval" : "approved",
    needsApproval: waits,
    requestedMs: nowMs,
    // What could not be done in time is not done late: the alert is old news by then.
    expiresMs: nowMs + config.approvalExpiry,
    decidedMs: null,
    actor: null,
    reason: null,
    startedMs: null,
    endedMs: null,
    fence: null,
    verifyAtMs: null,
    result: origin === null ? null : `the case may be the effect of ${origin.name}, so a person decides`,
    undoToken: null,
    evidence: evidenceOf(found, policy, step),
  };
}

/** What goes with the action to whoever takes it: what was seen, of which profile and configuration, and why. */
function evidenceOf(found: Case, policy: ResponderPolicy, step: PolicyStep): Action["evidence"] {
  const { id, model, version, signal, target, alert, state, incident, cause, openedMs, evidence } = found;
  return {
    case: { id, model, version, signal, target, alert, state, incident, opened: new Date(openedMs).toISOString() },
    firstCause: cause,
    seen: evidence,
    policy: policy.name,
    rung: step.rung,
    action: step.action,
    audience: step.audience,
  };
}

/**
 * Expected share of useful alerts, (useful + 1) / (marked + 2): the mean of a Beta(1, 1) prior after what people said of
 * the model's cases that the policy is about. 0.5 while nobody has said anything.
 */
function confidenceIn({ state }: EngineParts, policy: ResponderPolicy, model: string): number {
  const marked = state.feedback.list().filter(({ caseId }) => {
    const found = state.cases.get(caseId);
    return found !== null && found.model === model && isAbout(policy, found);
  });
  return (marked.filter(({ verdict }) => verdict === "useful").length + 1) / (marked.length + 2);
}
