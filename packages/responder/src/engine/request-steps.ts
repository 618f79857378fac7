import type { PolicyStep, ResponderConfig, ResponderPolicy } from "@tidemark/schema";
import { needsApproval, possibleOrigin } from "../policy/refuse-start.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { EngineParts } from "./engine-parts.ts";
import { isAbout, nextStep } from "./next-step.ts";
import type { Refreshed } from "./refresh-cases.ts";

const DAY_MS = 86_400_000;

/**
 * Requests what each policy would do next about each open case that the processor has been asked about in this round.
 * Every request is stored before anything is done. Nothing is asked for while the kill switch is on.
 */
export function requestSteps(parts: EngineParts, fence: number, { known, answered }: Refreshed): void {
  const { state, config, lease, now } = parts;
  state.database.transaction(() => {
    // The answers may have taken their time.
    if (lease.hold(now()) !== fence || state.isKilled()) return;
    for (const found of state.cases.list({ open: true })) {
      if (!known.has(found.id)) continue;
      for (const policy of config.policies) {
        if (isAbout(policy, found)) requestNext(parts, found, policy, answered.has(found.id));
      }
    }
  });
}

function requestNext(parts: EngineParts, found: Case, policy: ResponderPolicy, isAnswered: boolean): void {
  const { state, config, now } = parts;
  const { next, id } = nextStep(parts, found, policy, isAnswered);
  if (next.kind !== "request" || id === null) return;
  const nowMs = now();
  const step = policy.steps[next.step]!;
  const action = newAction(parts, found, policy, step, { id, step: next.step, nowMs });
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
    step.rung === "notify" ? null : possibleOrigin(found, state.actions.startedSince(found.sinceMs - DAY_MS));
  // A rehearsal does nothing that somebody would have to agree to.
  const waits = !config.dryRun && (origin !== null || needsApproval(step.rung, config.approvalAbove));
  return {
    id,
    caseId: found.id,
    reopened: found.reopened,
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
    evidence: evidenceOf(config, found, policy, step),
  };
}

/**
 * What goes with the action to whoever takes it: what was seen, of which profile and configuration, predictions that show
 * it, why, and where to decide.
 */
function evidenceOf(
  config: ResponderConfig,
  found: Case,
  policy: ResponderPolicy,
  step: PolicyStep,
): Action["evidence"] {
  const { id, model, version, signal, target, alert, state, incident, cause, openedMs, evidence } = found;
  return {
    case: { id, model, version, signal, target, alert, state, incident, opened: new Date(openedMs).toISOString() },
    firstCause: cause,
    seen: evidence,
    policy: policy.name,
    rung: step.rung,
    action: step.action,
    audience: step.audience,
    links: { case: new URL(`/cases/${id}`, publicUrlOf(config)).href, report: config.processor },
  };
}

function publicUrlOf({ server: { publicUrl, host, port } }: ResponderConfig): string {
  return publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
