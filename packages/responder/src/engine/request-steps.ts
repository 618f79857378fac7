import { createHash } from "node:crypto";
import type { PolicyStep, ResponderConfig, ResponderPolicy } from "@tidemark/schema";
import { decideNextStep } from "../policy/decide-next-step.ts";
import { limitReason, needsApproval, possibleOrigin } from "../policy/refuse-start.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { EngineParts } from "./engine-parts.ts";
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

interface Asked {
  readonly caseId: string;
  readonly reopened: number;
  readonly policy: string;
  readonly step: number;
  readonly isDryRun: boolean;
}

/**
 * Equal for the same step of the same policy about the same opening of a case, asked for the same time; a rehearsal has
 * another than the real thing.
 */
function actionId({ caseId, reopened, policy, step, isDryRun }: Asked, attempt: number): string {
  const again = reopened + attempt === 0 ? [] : [reopened, attempt];
  return createHash("sha256")
    .update(JSON.stringify([caseId, policy, step, isDryRun, ...again]))
    .digest("hex")
    .slice(0, 32);
}

/** The latest request for a step, and the key that another would have. */
function attemptsOf(known: ReadonlyMap<string, Action>, asked: Asked): { latest: Action | null; nextId: string } {
  let latest: Action | null = null;
  for (let attempt = 0; ; attempt++) {
    const id = actionId(asked, attempt);
    const found = known.get(id);
    if (found === undefined) return { latest, nextId: id };
    latest = found;
  }
}

function isAbout(policy: ResponderPolicy, found: Case): boolean {
  const isModel = policy.models.includes("*") || policy.models.includes(found.model);
  return isModel && (policy.signals as readonly string[]).includes(found.signal);
}

function requestNext(parts: EngineParts, found: Case, policy: ResponderPolicy, isAnswered: boolean): void {
  const { state, config, now } = parts;
  const nowMs = now();
  const own = state.actions.list({ caseId: found.id }).filter((action) => action.policy === policy.name);
  const known = new Map(own.map((action) => [action.id, action]));
  const { id: caseId, reopened } = found;
  const attempts = policy.steps.map((_, step) =>
    attemptsOf(known, { caseId, reopened, policy: policy.name, step, isDryRun: config.dryRun }),
  );
  const next = decideNextStep({
    found,
    policy,
    actions: attempts.flatMap(({ latest }) => latest ?? []),
    earlier: own.filter((action) => action.reopened < reopened),
    isAnswered,
    confidence: confidenceIn(parts, policy, found.model),
    startWait: (step, index) => startWait(parts, { found, policy, step, index, nowMs }),
    nowMs,
  });
  if (next.kind !== "request") return;
  const step = policy.steps[next.step]!;
  const id = attempts[next.step]!.nextId;
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

interface Wish {
  readonly found: Case;
  readonly policy: ResponderPolicy;
  readonly step: PolicyStep;
  readonly index: number;
  readonly nowMs: number;
}

/** Nobody is asked to approve what could not start now. A message is asked for, and is old news where it has to wait. */
function startWait({ state, config }: EngineParts, { found, policy, step, index, nowMs }: Wish): string | null {
  const { rung, action: name, cooldown } = step;
  if (rung === "notify") return null;
  const wanted = { name, model: found.model, policy: policy.name, step: index, rung };
  const started = state.actions.startedSince(nowMs - Math.max(DAY_MS, cooldown));
  return limitReason(wanted, { step, started, modelsPerHour: config.modelsPerHour, nowMs });
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
