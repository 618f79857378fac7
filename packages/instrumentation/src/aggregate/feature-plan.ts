import type { FeatureKind, ModelDescription } from "../model-description.ts";
import type { CategoricalFieldJson, NumericFieldJson } from "../profile/profile-json.ts";
import type { ReadableProfile } from "../profile/read-profile.ts";
import type { CategoryList } from "./category-dictionary.ts";

/** What is counted of one numeric feature; null boundaries: an exponential histogram discovers its own. */
export interface NumericPlan {
  readonly name: string;
  readonly boundaries: readonly number[] | null;
  readonly lowest: number;
  readonly highest: number;
}

/** What is counted of one categorical feature or of labels. */
export interface CategoricalPlan extends CategoryList {
  readonly name: string;
}

/** A feature whose values are arrays of numbers: only their states are counted. */
export interface VectorPlan {
  readonly name: string;
  /** Elements of a vector; null where no profile says. */
  readonly dimension: number | null;
}

/** What is counted of a model: fixed once it is described. */
export interface ModelPlan {
  readonly numeric: readonly NumericPlan[];
  readonly categorical: readonly CategoricalPlan[];
  readonly vectors: readonly VectorPlan[];
  /** Names of all numeric and categorical features in the declared order: the columns of a row. */
  readonly columns: readonly string[];
  /** Names of the segments that are counted on their own. */
  readonly segments: readonly string[];
  /** Names in the inputs that are no features and no mistake. */
  readonly ignoredInputs: readonly string[];
  readonly scoreBoundaries: readonly number[] | null;
  readonly valueBoundaries: readonly number[] | null;
  /** Whether it is a member of an ensemble, to whose answers it contributes. */
  readonly isMember: boolean;
  readonly labels: CategoricalPlan;
  readonly problems: readonly string[];
}

/**
 * Declared features with what the profile says of them. Where the profile says nothing usable, numeric features have
 * exponential histograms and categories are discovered up to a bound.
 */
export function planModel(description: ModelDescription, profile: ReadableProfile): ModelPlan {
  const problems = [...profile.problems];
  const numeric: NumericPlan[] = [];
  const categorical: CategoricalPlan[] = [];
  const vectors: VectorPlan[] = [];
  const features = Object.entries(description.features ?? featuresOf(profile));
  const codes = description.codes ?? {};
  for (const [name, kind] of features) {
    const field = profile.fields.get(`feature/${name}`);
    if (field !== undefined && field.kind !== kind) {
      problems.push(`feature ${name} is declared ${kind}, but the profile has it as ${field.kind}`);
    }
    if (kind === "vector") vectors.push({ name, dimension: profile.dimensions.get(name) ?? null });
    else if (kind === "numeric") numeric.push(planNumeric(name, field?.kind === "numeric" ? field : undefined));
    else categorical.push(planCategorical(name, field?.kind === "categorical" ? field : undefined, codes[name]));
  }
  return {
    numeric,
    categorical,
    vectors,
    columns: features.filter(([, kind]) => kind !== "vector").map(([name]) => name),
    segments: description.segments ?? [],
    ignoredInputs: description.ignoredInputs ?? [],
    scoreBoundaries: boundariesOf(profile, "prediction/score"),
    valueBoundaries: boundariesOf(profile, "prediction/value"),
    isMember: description.role === "member",
    labels: planCategorical("label", labelFieldOf(profile), undefined),
    problems,
  };
}

/** The features that a profile knows, in its order. */
export function featuresOf(profile: ReadableProfile): Record<string, FeatureKind> {
  const features: Record<string, FeatureKind> = {};
  for (const field of profile.fields.values()) if (field.target === "feature") features[field.name] = field.kind;
  for (const name of profile.dimensions.keys()) features[name] = "vector";
  return features;
}

function planNumeric(name: string, field: NumericFieldJson | undefined): NumericPlan {
  return {
    name,
    boundaries: field?.boundaries ?? null,
    lowest: field?.range.min ?? -Infinity,
    highest: field?.range.max ?? Infinity,
  };
}

function planCategorical(
  name: string,
  field: CategoricalFieldJson | undefined,
  codes: readonly string[] | undefined,
): CategoricalPlan {
  return {
    name,
    categories: field?.categories ?? null,
    otherCategories: new Set(field?.otherCategories),
    codes: codes ?? null,
  };
}

function boundariesOf(profile: ReadableProfile, key: string): readonly number[] | null {
  const field = profile.fields.get(key);
  return field?.kind === "numeric" ? field.boundaries : null;
}

function labelFieldOf(profile: ReadableProfile): CategoricalFieldJson | undefined {
  const field = profile.fields.get("prediction/label");
  return field?.kind === "categorical" ? field : undefined;
}
