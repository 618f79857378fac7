import type { ActionConfig } from "@tidemark/schema";

/** What an action knows when it runs. */
export interface ActContext<C extends ActionConfig = ActionConfig> {
  readonly config: C;
  /** Sent to the target, so that a repeated request can be told: equal for equal actions. */
  readonly idempotencyKey: string;
  /** What was seen, why this is done, who approved. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Folder that relative paths of the configuration start from. */
  readonly directory: string;
  readonly reach: Reach;
  readonly signal: AbortSignal;
}

/** Sends a request to an allowed host, and to no other. */
export type Reach = (url: string, init: ReachInit) => Promise<Response>;

export interface ReachInit extends RequestInit {
  /** Certificates (PEM) of the authority that the target's own has to come from; else those that the system trusts. */
  readonly authority?: string;
}

/** What came of it: a line for people, and what undoing needs to know. */
export interface ActOutcome {
  readonly text: string;
  readonly undoToken?: string;
}

/** One kind of action. `run` and `undo` throw where the target refused or nothing was done. */
export interface ActKind<C extends ActionConfig = ActionConfig> {
  run(context: ActContext<C>): Promise<ActOutcome>;
  /** Takes it back; absent where nothing can. */
  undo?(context: ActContext<C>, undoToken: string | null): Promise<ActOutcome>;
}

/** The target may have done what it was asked, or not: there was no answer. */
export class OutcomeUnknown extends Error {}
