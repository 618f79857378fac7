import { watchHeartbeat } from "../watch/heartbeat.ts";
import { closeStaleCases } from "./close-stale-cases.ts";
import type { EngineParts } from "./engine-parts.ts";
import { refreshCases } from "./refresh-cases.ts";
import { requestSteps } from "./request-steps.ts";
import { runActions } from "./run-actions.ts";
import { expireApprovals, recoverActions, verifyActions } from "./settle-actions.ts";

/**
 * One round: cases take over what the processor says, policies request their next steps, what is approved runs, what ran
 * is looked at. Only the holder of the lease does anything. It can end at any point, by a crash too, and the next round,
 * of whichever replica, goes on from what is stored.
 * @returns whether this replica holds the lease.
 */
export async function advance(parts: EngineParts): Promise<boolean> {
  const fence = parts.lease.hold(parts.now());
  if (fence === null) return false;
  recoverActions(parts, fence);
  watchHeartbeat(parts);
  closeStaleCases(parts);
  const refreshed = await refreshCases(parts);
  expireApprovals(parts);
  requestSteps(parts, fence, refreshed);
  await runActions(parts, fence, refreshed);
  await verifyActions(parts, fence, refreshed);
  return true;
}
