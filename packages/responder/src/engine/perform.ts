import type { ActionConfig } from "@tidemark/schema";
import { type ActContext, type ActKind, type ActOutcome, OutcomeUnknown } from "../act/act-kind.ts";
import { actKinds } from "../act/act-kinds.ts";
import type { Action } from "../state/actions.ts";
import type { EngineParts } from "./engine-parts.ts";

/** What came of asking a target: done, refused, or nobody knows. */
export type Performed =
  | { readonly kind: "done"; readonly outcome: ActOutcome }
  | { readonly kind: "failed" | "unknown"; readonly text: string };

const TIMEOUT_MS = 30_000;

/** Runs or undoes an action, once and with a time limit. Never rejects. */
export async function perform(parts: EngineParts, action: Action, what: "run" | "undo"): Promise<Performed> {
  const config = parts.config.actions[action.name];
  if (config === undefined)
    return { kind: "failed", text: `the configuration has no action "${action.name}" any more` };
  const context: ActContext = {
    config,
    idempotencyKey: what === "run" ? action.id : `${action.id}-undo`,
    evidence: { ...action.evidence, approvedBy: action.actor, reason: action.reason, undo: what === "undo" },
    directory: parts.directory,
    reach: parts.reach,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  // Each kind takes its own configuration, which its type has chosen.
  const kind = actKinds[config.type] as ActKind<ActionConfig>;
  try {
    if (what === "run") return { kind: "done", outcome: await kind.run(context) };
    if (kind.undo === undefined) return { kind: "failed", text: "nothing takes this action back" };
    return { kind: "done", outcome: await kind.undo(context, action.undoToken) };
  } catch (error) {
    const text = (error as Error).message;
    return { kind: error instanceof OutcomeUnknown ? "unknown" : "failed", text };
  }
}
