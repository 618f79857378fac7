import type { Rung } from "@tidemark/schema";
import type { Case } from "../state/cases.ts";
import type { EngineParts } from "./engine-parts.ts";
import { isAbout, nextStep } from "./next-step.ts";

/** What a policy means to do about a case, and what it waits for. */
export interface Plan {
  readonly policy: string;
  /** The step whose turn it is; null where nothing follows. */
  readonly rung: Rung | null;
  readonly reason: string;
}

/** A round asks every few seconds: what it heard is good for some of them. */
const ANSWER_STANDS_MS = 60_000;

/** What comes next about an open case, for people who wonder why nothing happens; nothing for a closed one. */
export function plansOf(parts: Pick<EngineParts, "state" | "config" | "now">, found: Case): Plan[] {
  const { state, config, now } = parts;
  if (found.closedMs !== null) return [];
  const answeredMs = state.answeredMs();
  const isAnswered = answeredMs !== null && Math.abs(now() - answeredMs) < ANSWER_STANDS_MS;
  return config.policies
    .filter((policy) => isAbout(policy, found))
    .map((policy) => {
      const { next } = nextStep(parts, found, policy, isAnswered);
      if (next.kind === "end") return { policy: policy.name, rung: null, reason: next.reason };
      const { rung } = policy.steps[next.step]!;
      if (state.isKilled()) return { policy: policy.name, rung, reason: "the kill switch is on" };
      return { policy: policy.name, rung, reason: next.kind === "wait" ? next.reason : "it is its turn" };
    });
}
