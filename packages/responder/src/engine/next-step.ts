import { createHash } from "node:crypto";
import type { PolicyStep, ResponderPolicy } from "@tidemark/schema";
import { decideNextStep, type NextStep } from "../policy/decide-next-step.ts";
import { limitReason } from "../policy/refuse-start.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { EngineParts } from "./engine-parts.ts";

const DAY_MS = 86_400_000;

/** What a policy does next about a case, and the idempotency key that its request has. */
export interface Next {
  readonly next: NextStep;
  /** Null where nothing is requested. */
  readonly id: string | null;
}

type Parts = Pick<EngineParts, "state" | "config" | "now">;

/** Whether a policy is about a case at all. */
export function isAbout(policy: ResponderPolicy, found: Case): boolean {
  const isModel = policy.models.includes("*") || policy.models.includes(found.model);
  return isModel && (policy.signals as readonly string[]).includes(found.signal);
}

/** Puts together what is stored, and decides. Changes nothing. */
export function nextStep(parts: Parts, found: Case, policy: ResponderPolicy, isAnswered: boolean): Next {
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
  return { next, id: next.kind === "request" ? attempts[next.step]!.nextId : null };
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

interface Wish {
  readonly found: Case;
  readonly policy: ResponderPolicy;
  readonly step: PolicyStep;
  readonly index: number;
  readonly nowMs: number;
}

/** Nobody is asked to approve what could not start now. A message is asked for, and is old news where it has to wait. */
function startWait({ state, config }: Parts, { found, policy, step, index, nowMs }: Wish): string | null {
  const { rung, action: name, cooldown } = step;
  if (rung === "notify") return null;
  const wanted = { name, model: found.model, policy: policy.name, step: index, rung };
  const started = state.actions.startedSince(nowMs - Math.max(DAY_MS, cooldown));
  return limitReason(wanted, { step, started, modelsPerHour: config.modelsPerHour, nowMs });
}

/**
 * Expected share of useful alerts, (useful + 1) / (marked + 2): the mean of a Beta(1, 1) prior after what people said of
 * the model's cases that the policy is about. 0.5 while nobody has said anything.
 */
function confidenceIn({ state }: Parts, policy: ResponderPolicy, model: string): number {
  const marked = state.feedback.list().filter(({ caseId }) => {
    const found = state.cases.get(caseId);
    return found !== null && found.model === model && isAbout(policy, found);
  });
  return (marked.filter(({ verdict }) => verdict === "useful").length + 1) / (marked.length + 2);
}
