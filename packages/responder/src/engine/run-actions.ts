import { RUNGS } from "@tidemark/schema";
import { needsApproval, refuseStart } from "../policy/refuse-start.ts";
import type { Action, ActionStatus } from "../state/actions.ts";
import type { EngineParts } from "./engine-parts.ts";
import { perform } from "./perform.ts";
import type { Refreshed } from "./refresh-cases.ts";

const DAY_MS = 86_400_000;

/**
 * Runs what is approved, one after the other, messages first. The safeguards are asked again in the transaction that
 * starts each.
 */
export async function runActions(parts: EngineParts, fence: number, { answered }: Refreshed): Promise<void> {
  const approved = parts.state.actions.list({ statuses: ["approved"] });
  for (const { id } of approved.toSorted((a, b) => RUNGS.indexOf(a.rung) - RUNGS.indexOf(b.rung))) {
    const action = start(parts, id, fence, answered);
    if (action === null) continue;
    const performed = await perform(parts, action, "run");
    const nowMs = parts.now();
    const step = stepOf(parts, action);
    if (performed.kind === "done") {
      finish(parts, action, "succeeded", performed.outcome.text, {
        undoToken: performed.outcome.undoToken ?? null,
        verifyAtMs: step?.verifyAfter === undefined ? null : nowMs + step.verifyAfter,
      });
    } else {
      finish(parts, action, performed.kind, performed.text, {});
    }
  }
}

/** Marks an action as running, so that no other replica and no later start runs it; null where it may not start. */
function start(parts: EngineParts, id: string, fence: number, answered: ReadonlySet<string>): Action | null {
  const { state, config } = parts;
  return state.database.transaction(() => {
    const nowMs = parts.now();
    const action = state.actions.get(id);
    if (action === null || action.status !== "approved" || parts.lease.hold(nowMs) !== fence) return null;
    // It has lapsed while those before it were run; the next round says so.
    if (action.expiresMs !== null && nowMs >= action.expiresMs) return null;
    const step = stepOf(parts, action);
    if (step === undefined) {
      move(parts, action, "cancelled", "its policy has changed");
      return null;
    }
    const refusal = refuseStart({
      action,
      step,
      found: state.cases.get(action.caseId)!,
      isKilled: state.isKilled(),
      isAnswered: answered.has(action.caseId),
      started: state.actions.startedSince(nowMs - Math.max(DAY_MS, step.cooldown)),
      modelsPerHour: config.modelsPerHour,
      approvalAbove: config.dryRun ? "retrain" : config.approvalAbove,
      nowMs,
    });
    if (refusal !== null) {
      if (refusal.kind === "off") move(parts, action, "cancelled", refusal.reason);
      else if (refusal.kind === "ask") askFirst(parts, action, refusal.reason);
      else suppress(parts, action, refusal.reason);
      return null;
    }
    if (config.dryRun) {
      const waits = needsApproval(action.rung, config.approvalAbove);
      const who = waits ? ` once a person of ${step.approvers.join(" or ")} has approved` : "";
      move(parts, action, "dry_run", `would run ${action.name}${who}`);
      return null;
    }
    state.actions.move(id, ["approved"], { status: "running", startedMs: nowMs, fence, result: null });
    state.audit.append({
      atMs: nowMs,
      actor: "responder",
      kind: "ml.action.started",
      subject: id,
      detail: { action: action.name, approvedBy: action.actor },
    });
    return state.actions.get(id);
  });
}

/** The step that asked for an action; undefined where the configuration has another at its place now. */
export function stepOf({ config }: Pick<EngineParts, "config">, { policy, step, name, rung }: Action) {
  const found = config.policies.find((one) => one.name === policy)?.steps[step];
  return found?.action === name && found.rung === rung ? found : undefined;
}

/** Stores the end of a run, unless another replica has taken the action for lost in the meantime. */
export function finish(
  parts: EngineParts,
  action: Action,
  status: ActionStatus,
  result: string,
  change: Partial<Pick<Action, "undoToken" | "verifyAtMs">>,
): void {
  const { state, now } = parts;
  state.database.transaction(() => {
    const nowMs = now();
    const isMoved = state.actions.move(action.id, [action.status], { status, result, endedMs: nowMs, ...change });
    const isFailure = status === "failed" || status === "unknown" || status.startsWith("undo_");
    state.audit.append({
      atMs: nowMs,
      actor: "responder",
      kind: isFailure ? "ml.action.failed" : "ml.action.executed",
      subject: action.id,
      // An answer that came after the lease had passed on is on record, and changes nothing.
      detail: { status, result, late: !isMoved },
    });
  });
  const current = state.actions.get(action.id);
  if (current !== null) parts.onChange(current);
}

function move(parts: EngineParts, action: Action, status: "cancelled" | "dry_run", result: string): void {
  const { state, now } = parts;
  const nowMs = now();
  state.actions.move(action.id, [action.status], { status, result, endedMs: nowMs });
  const kind = status === "dry_run" ? "ml.action.executed" : "ml.action.suppressed";
  state.audit.append({ atMs: nowMs, actor: "responder", kind, subject: action.id, detail: { status, result } });
  parts.onChange({ ...action, status, result });
}

/** The configuration asks for a person now, and did not when the action was requested. */
function askFirst(parts: EngineParts, action: Action, reason: string): void {
  const waiting = { status: "awaiting_approval", needsApproval: true } as const;
  parts.state.actions.move(action.id, [action.status], waiting);
  suppress(parts, { ...action, ...waiting }, reason);
}

/** Tells once why an approved action waits. */
function suppress({ state, now }: EngineParts, action: Action, reason: string): void {
  if (action.result === reason) return;
  state.actions.move(action.id, [action.status], { result: reason });
  state.audit.append({
    atMs: now(),
    actor: "responder",
    kind: "ml.action.suppressed",
    subject: action.id,
    detail: { status: action.status, result: reason },
  });
}
