import type { EngineParts } from "../engine/engine-parts.ts";
import { takeAlerts } from "../intake/take-alerts.ts";

/** Something is wrong with monitoring itself: a case of the model `tidemark`, which policies may answer. */
export interface SelfAlarm {
  /** Name of the alert. */
  readonly name: string;
  /** What it is about: `alerting`, `pipeline`. */
  readonly target: string;
  /** Null while all is well; else what is wrong, in a sentence. */
  readonly problem: string | null;
}

/** Name under which monitoring appears among the models. */
const SELF = "tidemark";

/** Opens the case of an alarm, keeps it, or closes it. */
export function raiseSelfAlarm({ state, now }: EngineParts, { name, target, problem }: SelfAlarm): void {
  const isOpen = state.cases.list({ open: true }).some((found) => found.model === SELF && found.alert === name);
  if (isOpen === (problem !== null)) return;
  const nowMs = now();
  const update = {
    fingerprint: `${SELF} ${name}`,
    isFiring: problem !== null,
    startsMs: nowMs,
    endsMs: problem === null ? nowMs : null,
    name,
    severity: "critical",
    model: SELF,
    version: "",
    signal: "service",
    target,
    annotations: problem === null ? {} : { summary: problem },
  };
  takeAlerts(state, [update], "responder", nowMs);
}
