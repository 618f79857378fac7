import type { Action } from "../state/actions.ts";
import type { EngineParts } from "./engine-parts.ts";
import { type Person, sees } from "./person.ts";
import { stepOf } from "./run-actions.ts";

export type ApprovalResult =
  | { readonly ok: true; readonly action: Action }
  | { readonly ok: false; readonly status: 403 | 404 | 409; readonly reason: string };

/** A person's word on an action that waits for it. Every attempt is on the audit log, the refused ones too. */
export function decideApproval(
  parts: EngineParts,
  request: { readonly id: string; readonly person: Person; readonly approve: boolean; readonly reason: string },
): ApprovalResult {
  const { state, now } = parts;
  const { id, person, approve, reason } = request;
  return state.database.transaction(() => {
    const nowMs = now();
    const refusal = refusalOf(parts, id, person, nowMs);
    state.audit.append({
      atMs: nowMs,
      actor: person.name,
      kind: refusal !== null ? "approval.refused" : approve ? "ml.action.approved" : "ml.action.rejected",
      subject: id,
      detail: refusal === null ? { reason } : { reason, refused: refusal.reason },
    });
    if (refusal !== null) return refusal;
    state.actions.move(id, ["awaiting_approval"], {
      status: approve ? "approved" : "rejected",
      actor: person.name,
      reason,
      decidedMs: nowMs,
      // An approval is for what was seen then: it has to be used as soon as it had to be given.
      expiresMs: approve ? nowMs + parts.config.approvalExpiry : null,
      endedMs: approve ? null : nowMs,
    });
    const action = state.actions.get(id)!;
    parts.onChange(action);
    return { ok: true, action };
  });
}

function refusalOf(
  parts: EngineParts,
  id: string,
  person: Person,
  nowMs: number,
): Extract<ApprovalResult, { ok: false }> | null {
  const action = parts.state.actions.get(id);
  if (action === null || !sees(person, action.model))
    return { ok: false, status: 404, reason: `there is no action ${id}` };
  if (action.status !== "awaiting_approval") {
    return { ok: false, status: 409, reason: `the action is ${action.status} already` };
  }
  if (action.expiresMs !== null && nowMs >= action.expiresMs) {
    return { ok: false, status: 409, reason: "the request for approval has lapsed" };
  }
  const approvers = stepOf(parts, action)?.approvers;
  if (approvers === undefined) return { ok: false, status: 409, reason: "the action's policy has changed" };
  if (!person.roles.some((role) => approvers.includes(role))) {
    return { ok: false, status: 403, reason: `it takes the role ${approvers.join(" or ")}` };
  }
  return null;
}
