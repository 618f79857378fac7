import { MAX_VECTORS } from "@tidemark/semconv";
import type { VectorPlan } from "../aggregate/feature-plan.ts";
import { isVector } from "../aggregate/is-vector.ts";
import type { InputPolicies } from "./input-filter.ts";

/**
 * The vector features that may travel, and why others may not. An embedding can be turned back into much of the text that it
 * stands for: it leaves only where the feature is named `keep`.
 */
export function sentVectors(
  vectors: readonly VectorPlan[],
  policies: InputPolicies,
): { readonly names: readonly string[]; readonly problems: readonly string[] } {
  const names: string[] = [];
  const problems: string[] = [];
  for (const { name } of vectors) {
    const policy = typeof policies === "object" && Object.hasOwn(policies, name) ? policies[name] : undefined;
    const problem = problemOf(policy, policies, names.length);
    if (problem !== null) problems.push(`feature ${name} is not sent: ${problem}`);
    else if (policy === "keep") names.push(name);
  }
  return { names, problems };
}

function problemOf(policy: string | undefined, policies: InputPolicies, sent: number): string | null {
  if (policies === "all") return "an embedding can be turned back into its text, so it must be named: keep";
  if (policy === undefined || policy === "drop") return null;
  if (policy !== "keep") return `its policy is ${policy}; a vector takes keep or drop`;
  return sent < MAX_VECTORS ? null : `an event carries at most ${MAX_VECTORS} vectors`;
}

/**
 * A copy of a vector as an event carries it; null for an element that is no number, is not finite, or beyond the integers that a double
 * holds: exporters write NaN and 1e300 in JSON so that a Collector refuses the whole batch. Undefined where it is no vector.
 */
export function copyVector(value: unknown): (number | null)[] | undefined {
  if (!isVector(value)) return undefined;
  const { length } = value;
  const copy = new Array<number | null>(length);
  let isWhole = true;
  // Nulls only afterwards: an array that never held any is of numbers to the engine, and made three times as fast.
  for (let index = 0; index < length; index++) {
    const element = value[index]!;
    copy[index] = element;
    if (!isSendable(element)) isWhole = false;
  }
  return isWhole ? copy : copy.map((element) => (isSendable(element) ? element : null));
}

function isSendable(element: unknown): boolean {
  return typeof element === "number" && element >= -Number.MAX_SAFE_INTEGER && element <= Number.MAX_SAFE_INTEGER;
}
