import { createHmac } from "node:crypto";
import { OTHER_CATEGORY } from "@tidemark/semconv";
import { createBucketIndex } from "@tidemark/sketches";
import type { CategoricalPlan, ModelPlan, NumericPlan } from "../aggregate/feature-plan.ts";
import type { Inputs } from "../record/record-types.ts";

/**
 * What may leave the service of a feature's value: all of it, its bin of the profile, its keyed hash, or nothing.
 */
export type InputPolicy = "keep" | "bucket" | "hash" | "drop";

/** The policy of every declared feature at once, or one by one, where a feature that is not named is dropped. */
export type InputPolicies = "none" | "all" | Readonly<Record<string, InputPolicy>>;

/** Gives what may travel of some inputs. */
export type InputFilter = (inputs: Inputs) => Inputs;

/** What may travel of one value; undefined for nothing. */
type ValueFilter = (value: unknown) => string | number | boolean | undefined;

const MAX_TEXT_LENGTH = 1_024;
const HASH_HEX_DIGITS = 32;

/**
 * The filter of a model's inputs; null where nothing may travel. A policy that cannot be kept (a hash without a key, a
 * bucket without bins) drops the feature and is named in `problems`: what cannot be protected does not leave.
 *
 * @param hashKey key of the HMAC; null where there is none
 */
export function createInputFilter(
  plan: ModelPlan,
  policies: InputPolicies,
  hashKey: Uint8Array | null,
): { readonly filter: InputFilter | null; readonly problems: readonly string[] } {
  const filters: [string, ValueFilter][] = [];
  const problems: string[] = [];
  const features = [...plan.numeric, ...plan.categorical];
  for (const feature of features) {
    const filter = filterOf(feature, policyOf(policies, feature.name), hashKey);
    if (typeof filter === "string") problems.push(`feature ${feature.name} is not sent: ${filter}`);
    else if (filter !== null) filters.push([feature.name, filter]);
  }
  for (const name of typeof policies === "object" ? Object.keys(policies) : []) {
    if (!features.some((feature) => feature.name === name))
      problems.push(`feature ${name} has a policy but is not declared`);
  }
  return { filter: filters.length === 0 ? null : (inputs) => applyTo(inputs, filters), problems };
}

function applyTo(inputs: Inputs, filters: readonly (readonly [string, ValueFilter])[]): Inputs {
  const allowed: Record<string, unknown> = {};
  for (const [name, filter] of filters) {
    try {
      const value = filter(inputs[name]);
      if (value !== undefined) allowed[name] = value;
    } catch {
      // Already counted as unreadable_feature when the aggregation read it.
    }
  }
  return allowed;
}

function policyOf(policies: InputPolicies, name: string): InputPolicy {
  if (policies === "all") return "keep";
  return typeof policies === "object" && Object.hasOwn(policies, name) ? policies[name]! : "drop";
}

/** A filter, null to drop the feature as asked, or why the policy cannot be kept. */
function filterOf(
  feature: NumericPlan | CategoricalPlan,
  policy: InputPolicy,
  hashKey: Uint8Array | null,
): ValueFilter | null | string {
  if (policy === "drop") return null;
  if (policy === "keep") return keep;
  if (policy === "hash") return hashKey === null ? "its policy is hash, which needs hashKeyFile" : hashWith(hashKey);
  if (policy !== "bucket") return `its policy is ${String(policy)}, expected keep, bucket, hash or drop`;
  if ("boundaries" in feature) {
    return feature.boundaries === null ? "its policy is bucket, which needs a profile" : bucketBy(feature.boundaries);
  }
  return feature.categories === null ? "its policy is bucket, which needs a profile" : categoryOf(feature.categories);
}

const keep: ValueFilter = (value) => {
  if (typeof value === "string") return value.slice(0, MAX_TEXT_LENGTH);
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
};

function hashWith(key: Uint8Array): ValueFilter {
  return (value) => {
    const kept = keep(value);
    if (kept === undefined) return undefined;
    return createHmac("sha256", key).update(`${kept}`).digest("hex").slice(0, HASH_HEX_DIGITS);
  };
}

/** A number becomes the upper boundary of its bin, which belongs to that bin; past the last boundary, just above it. */
function bucketBy(boundaries: readonly number[]): ValueFilter {
  const sorted = Float64Array.from(boundaries);
  const index = createBucketIndex(sorted);
  const last = sorted.at(-1)!;
  const beyond = last + Math.max(Math.abs(last) * Number.EPSILON, Number.MIN_VALUE);
  return (value) => {
    const isNumber = typeof value === "number" && !Number.isNaN(value);
    return isNumber ? (sorted[index.find(value)] ?? beyond) : undefined;
  };
}

function categoryOf(categories: readonly string[]): ValueFilter {
  const known = new Set(categories);
  return (value) => {
    const kept = keep(value);
    if (kept === undefined) return undefined;
    return known.has(`${kept}`) ? `${kept}` : OTHER_CATEGORY;
  };
}
