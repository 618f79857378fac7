import { createHmac } from "node:crypto";
import { OTHER_CATEGORY, toEventNumber } from "@tidemark/semconv";
import { createBucketIndex } from "@tidemark/sketches";
import type { CategoricalPlan, ModelPlan, NumericPlan } from "../aggregate/feature-plan.ts";
import { type FeatureRow, isFeatureRow } from "../aggregate/feature-row.ts";
import type { Inputs } from "../record/record-types.ts";
import { copyVector, sentVectors } from "./vector-filter.ts";

/**
 * What may leave the service of a feature's value: all of it, its bin of the profile, its keyed hash, or nothing.
 */
export type InputPolicy = "keep" | "bucket" | "hash" | "drop";

/**
 * The policy of every declared feature at once, or one by one, where a feature that is not named is dropped. "all" keeps
 * numbers, booleans and the categories that the profile knows: free text leaves only where a feature is named `keep`.
 */
export type InputPolicies = "none" | "all" | Readonly<Record<string, InputPolicy>>;

/** Gives what may travel of some inputs. */
export type InputFilter = (inputs: Inputs | FeatureRow) => Inputs;

/** What may travel of one value; undefined for nothing. */
type ValueFilter = (value: unknown) => string | number | boolean | (number | null)[] | undefined;

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
  const filters: FeatureFilter[] = [];
  const problems: string[] = [];
  const features = [...plan.numeric, ...plan.categorical];
  for (const feature of features) {
    const filter = filterOf(feature, policyOf(policies, feature.name), hashKey);
    if (typeof filter === "string") problems.push(`feature ${feature.name} is not sent: ${filter}`);
    else if (filter !== null) {
      const codes = "codes" in feature ? feature.codes : null;
      filters.push({ name: feature.name, filter, column: plan.columns.indexOf(feature.name), codes });
    }
  }
  const vectors = sentVectors(plan.vectors, policies);
  problems.push(...vectors.problems);
  for (const name of vectors.names) filters.push({ name, filter: copyVector, column: -1, codes: null });
  const declared = new Set([...features, ...plan.vectors].map(({ name }) => name));
  for (const name of typeof policies === "object" ? Object.keys(policies) : []) {
    if (!declared.has(name)) problems.push(`feature ${name} has a policy but is not declared`);
  }
  return { filter: filters.length === 0 ? null : (inputs) => applyTo(inputs, filters), problems };
}

/** The filter of one feature, its column in a row, and what its codes stand for. */
interface FeatureFilter {
  readonly name: string;
  readonly filter: ValueFilter;
  readonly column: number;
  readonly codes: readonly string[] | null;
}

function applyTo(inputs: Inputs | FeatureRow, filters: readonly FeatureFilter[]): Inputs {
  const allowed: Record<string, unknown> = {};
  for (const { name, filter, column, codes } of filters) {
    try {
      const given = isFeatureRow(inputs) ? inputs[column] : inputs[name];
      const value = filter(typeof given === "number" ? (codes?.[given] ?? given) : given);
      if (value !== undefined) allowed[name] = typeof value === "number" ? toEventNumber(value) : value;
    } catch {
      // Already counted as unreadable_feature when the aggregation read it.
    }
  }
  return allowed;
}

function policyOf(policies: InputPolicies, name: string): InputPolicy | "known" {
  if (policies === "all") return "known";
  return typeof policies === "object" && Object.hasOwn(policies, name) ? policies[name]! : "drop";
}

/** A filter, null to drop the feature as asked, or why the policy cannot be kept. */
function filterOf(
  feature: NumericPlan | CategoricalPlan,
  policy: InputPolicy | "known",
  hashKey: Uint8Array | null,
): ValueFilter | null | string {
  if (policy === "drop") return null;
  if (policy === "keep") return keep;
  if (policy === "known") return knownIn(feature);
  if (policy === "hash") return hashKey === null ? "its policy is hash, which needs hashKeyFile" : hashWith(hashKey);
  if (policy !== "bucket") return `its policy is ${String(policy)}, expected keep, bucket, hash or drop`;
  if ("boundaries" in feature) {
    return feature.boundaries === null ? "its policy is bucket, which needs a profile" : bucketBy(feature.boundaries);
  }
  return feature.categories === null ? "its policy is bucket, which needs a profile" : categoryOf(feature.categories);
}

/** NaN and the infinities stay here, counted as they are: a Collector refuses a whole batch for one in the SDK's JSON. */
const keep: ValueFilter = (value) => {
  if (typeof value === "string") return value.slice(0, MAX_TEXT_LENGTH);
  return (typeof value === "number" && Number.isFinite(value)) || typeof value === "boolean" ? value : undefined;
};

function knownIn(feature: NumericPlan | CategoricalPlan): ValueFilter {
  const categories = "categories" in feature ? feature.categories : null;
  const known = categories === null ? null : new Set([...categories, ...(feature as CategoricalPlan).otherCategories]);
  return (value) => {
    const kept = keep(value);
    if (typeof kept !== "string") return kept;
    if (known === null) return undefined;
    return known.has(kept) ? kept : OTHER_CATEGORY;
  };
}

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
