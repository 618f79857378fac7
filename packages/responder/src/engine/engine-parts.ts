import type { ResponderConfig } from "@tidemark/schema";
import type { Reach } from "../act/act-kind.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import type { Lease } from "../state/lease.ts";
import type { ResponderState } from "../state/responder-state.ts";

/** What the engine works with; time, targets and the processor come in, so that a test can be each of them. */
export interface EngineParts {
  readonly state: ResponderState;
  readonly config: ResponderConfig;
  /** Folder that relative paths of the configuration start from. */
  readonly directory: string;
  readonly lease: Lease;
  readonly now: () => number;
  readonly reach: Reach;
  /**
   * What the processor knows of the incidents of cases, all of one version, by the case's id; without an entry where it
   * knows none. Rejects where it cannot be asked.
   */
  readonly lookUp: (cases: readonly Case[], signal: AbortSignal) => Promise<ReadonlyMap<string, IncidentView>>;
  /**
   * What the processor has judged of a case's model, signal and target in windows that began at a time or later; none
   * where nothing has been yet. Rejects where it cannot be asked.
   */
  readonly verdictsSince: (found: Case, sinceMs: number) => Promise<readonly VersionVerdict[]>;
  /** Something happened that others may want to know: a metric, an event. */
  readonly onChange: (action: Action) => void;
}

/** The newest verdict on one version. */
export interface VersionVerdict {
  readonly version: string;
  readonly state: Case["state"];
}

/** What a case takes over from the processor's incident. */
export type IncidentView = Pick<Case, "incident" | "cause" | "state" | "evidence">;
