import type { Action, ActionStatus } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { EngineParts, VersionVerdict } from "./engine-parts.ts";
import { perform } from "./perform.ts";
import type { Refreshed } from "./refresh-cases.ts";
import { finish, stepOf } from "./run-actions.ts";

/**
 * Takes over what an earlier holder of the lease left in work. Whether the target did it is not known, so it is not
 * repeated: a person looks.
 */
export function recoverActions(parts: EngineParts, fence: number): void {
  for (const action of parts.state.actions.list({ statuses: ["running", "undoing"] })) {
    if (action.fence === fence) continue;
    const status = action.status === "running" ? "unknown" : "undo_unknown";
    finish(parts, action, status, "the responder ended before the answer came; it is not repeated", {});
  }
}

/** Requests for approval that nobody decided in time lapse, and so do approvals that could not be used in time. */
export function expireApprovals(parts: EngineParts): void {
  const { state, now } = parts;
  state.database.transaction(() => {
    const nowMs = now();
    for (const action of state.actions.list({ statuses: ["awaiting_approval", "approved"] })) {
      const found = state.cases.get(action.caseId)!;
      // One that closed and opened again in the meantime is answered anew.
      const isSameOpening = found.closedMs === null && found.reopened === action.reopened;
      const isExpired = action.expiresMs !== null && nowMs >= action.expiresMs;
      if (isSameOpening && !isExpired) continue;
      const wasWaiting = action.status === "awaiting_approval";
      const [status, result] = isSameOpening
        ? (["expired", wasWaiting ? "nobody decided in time" : "it could not run in time"] as const)
        : (["cancelled", "the case has closed"] as const);
      state.actions.move(action.id, [action.status], { status, result, endedMs: nowMs });
      state.audit.append({
        atMs: nowMs,
        actor: "responder",
        kind: "ml.action.suppressed",
        subject: action.id,
        detail: { status, result },
      });
      parts.onChange({ ...action, status, result });
    }
  });
}

/**
 * Looks whether what was done has helped: the case has closed, or its incident has ended, no other of the same model and
 * signal is open, and what was judged since is well. A version that traffic was taken from falls silent and so recovers;
 * the one that has the traffic now tells whether it helped. Where it has not, what can be taken back is; as long as the
 * processor does not answer, nobody knows.
 */
export async function verifyActions(parts: EngineParts, fence: number, { answered }: Refreshed): Promise<void> {
  const { state, now } = parts;
  for (const action of state.actions.list({ statuses: ["succeeded"] })) {
    if (action.verifyAtMs === null || now() < action.verifyAtMs) continue;
    const left = troubleLeft(parts, action);
    if (left !== null && state.cases.get(action.caseId)?.closedMs === null && !answered.has(action.caseId)) continue;
    const { trouble, text } = left === null ? await lookSince(parts, action) : { trouble: left, text: "" };
    if (trouble === undefined) continue;
    if (trouble === null) {
      finish(parts, action, "helped", text, { verifyAtMs: null });
    } else if (stepOf(parts, action)?.undo !== true) {
      finish(parts, action, "no_help", trouble, { verifyAtMs: null });
    } else {
      const undoing = startUndo(parts, action, fence, trouble);
      if (undoing === null) continue;
      const performed = await perform(parts, undoing, "undo");
      const status: ActionStatus = performed.kind === "done" ? "undone" : `undo_${performed.kind}`;
      const said = performed.kind === "done" ? performed.outcome.text : performed.text;
      finish(parts, undoing, status, `${trouble}; ${said}`, {});
    }
  }
}

/**
 * What was judged since the action says of it: trouble, or null for none, or undefined where nothing has been judged yet.
 * That is waited for as long again as for the first look; then the case alone counts.
 */
async function lookSince(
  parts: EngineParts,
  action: Action,
): Promise<{ readonly trouble: string | null | undefined; readonly text: string }> {
  const found = parts.state.cases.get(action.caseId)!;
  const verdicts = await parts.verdictsSince(found, action.endedMs ?? action.verifyAtMs!).catch(() => []);
  if (verdicts.length === 0) {
    const isOverdue = parts.now() >= action.verifyAtMs! + (stepOf(parts, action)?.verifyAfter ?? 0);
    return { trouble: isOverdue ? null : undefined, text: "the trouble is over; nothing judged since says more" };
  }
  // A milder verdict than the alert's own is no reason to go back to what it was about.
  const isBad = ({ state }: VersionVerdict) =>
    state === "critical" || (state === "warning" && found.severity !== "critical");
  const bad = verdicts.find(isBad);
  const well = verdicts.map(({ version }) => version).join(" and ");
  return bad === undefined
    ? { trouble: null, text: `the trouble is over: ${found.target} of version ${well} is well since` }
    : { trouble: `${found.target} of version ${bad.version} is ${bad.state}`, text: "" };
}

/** What is still wrong after an action; null where it has helped. */
function troubleLeft({ state }: EngineParts, { caseId }: Action): string | null {
  const found = state.cases.get(caseId)!;
  // The message that an alert has ended may be late or lost; the processor's word that it is over is enough.
  if (found.closedMs === null && found.state !== "ok") return "the case is still open";
  const other = state.cases
    .list({ open: true })
    .find(({ model, signal, state: now }) => model === found.model && signal === found.signal && !isQuiet(now));
  return other === undefined
    ? null
    : `the case has closed, but ${other.target} of version ${other.version} is ${other.state}`;
}

function isQuiet(state: Case["state"]): boolean {
  return state === "no_data" || state === "ok";
}

/** Taking back is no new risk: the kill switch, budgets and cooldowns do not stop it. */
function startUndo({ state, lease, now }: EngineParts, action: Action, fence: number, reason: string): Action | null {
  return state.database.transaction(() => {
    const nowMs = now();
    if (lease.hold(nowMs) !== fence) return null;
    const isMoved = state.actions.move(action.id, ["succeeded"], { status: "undoing", fence, verifyAtMs: null });
    if (!isMoved) return null;
    state.audit.append({
      atMs: nowMs,
      actor: "responder",
      kind: "ml.action.requested",
      subject: action.id,
      detail: { undo: true, reason },
    });
    return state.actions.get(action.id);
  });
}
