import type { CategoricalField, NumericField, Profile, ProfileField } from "@tidemark/schema";
import { metric, OTHER_CATEGORY, VALUE_STATES, type ValueState } from "@tidemark/semconv";
import type { FieldCounts } from "@tidemark/signals";
import { FieldBuilder } from "./field-builder.ts";
import { binUnion } from "./merge-bins.ts";
import type { PointCount } from "./point-counts.ts";

/** Metrics that carry counts of fields. */
export const FIELD_METRICS = [
  metric.featureValue,
  metric.featureCategories,
  metric.featureValues,
  metric.predictionScore,
  metric.predictionValue,
  metric.predictionLabels,
] as const;

/** Whether a point is a histogram whose bins are parts of the profile's bins. */
export function isOnProfile(profile: Profile, point: PointCount): boolean {
  const field = profile.fields.find((candidate) => isAbout(point, candidate));
  return field?.kind === "numeric" && binUnion(point.boundaries, field.boundaries) !== null;
}

/**
 * The fields of a profile whose counts the service's metric points give exactly. A field is left out where there are no
 * points of it, or where no histogram's boundaries contain the profile's: then the records have to tell. Where some do,
 * those alone are counted: before, the service had no profile yet.
 */
export function fieldsFromPoints(profile: Profile, points: readonly PointCount[]): FieldCounts[] {
  const hasSeason = profile.season !== null;
  return profile.fields.flatMap((field) => {
    const own = points.filter((point) => isAbout(point, field));
    const builder = new FieldBuilder(field);
    const counted = field.kind === "numeric" ? addHistograms(builder, field, own) : addCategories(builder, field, own);
    const states = points.filter(
      (point) => field.target === "feature" && point.metric === metric.featureValues && point.feature === field.name,
    );
    if (counted === null || own.length + states.length === 0) return [];
    // A service that holds no profile says how many values there were, but not in which bins.
    if (own.length === 0 && states.some(({ key, count }) => BINNED_STATES.has(key) && count > 0)) return [];
    if (states.length > 0) addStates(builder, states);
    else for (const { state, count } of counted) builder.addState(0, state, count);
    return [builder.build("profile_points", hasSeason)];
  });
}

/** States of values that a bin or a category counts as well. */
const BINNED_STATES: ReadonlySet<string> = new Set<ValueState>(["valid", "out_of_range", "unseen_category"]);

type StateCount = { readonly state: ValueState; readonly count: number };

const PREDICTION_METRICS: Readonly<Record<string, string>> = {
  score: metric.predictionScore,
  value: metric.predictionValue,
  label: metric.predictionLabels,
};

function isAbout(point: PointCount, field: ProfileField): boolean {
  if (field.target === "prediction") return point.metric === PREDICTION_METRICS[field.name];
  const wanted = field.kind === "numeric" ? metric.featureValue : metric.featureCategories;
  return field.target === "feature" && point.metric === wanted && point.feature === field.name;
}

/** Null where the points' boundaries do not allow exact counts. */
function addHistograms(builder: FieldBuilder, field: NumericField, points: readonly PointCount[]): StateCount[] | null {
  const counted = points.filter((point) => point.count > 0 || point.boundaries.length > 0);
  let valid = 0;
  let usable = 0;
  for (const point of counted) {
    const bins = binUnion(point.boundaries, field.boundaries);
    if (bins === null) continue;
    bins.forEach((bin, index) => {
      builder.addBin(point.slot, bin, point.buckets[index] ?? 0);
    });
    valid += point.count;
    usable += 1;
  }
  return counted.length > 0 && usable === 0 ? null : [{ state: "valid", count: valid }];
}

function addCategories(builder: FieldBuilder, field: CategoricalField, points: readonly PointCount[]): StateCount[] {
  const bins = new Map(field.categories.map((category, index) => [category, index]));
  const known = new Set(field.otherCategories);
  let unseen = 0;
  let valid = 0;
  for (const { slot, key, count } of points) {
    builder.addBin(slot, bins.get(key) ?? field.categories.length, count);
    if (bins.has(key) || known.has(key) || key === OTHER_CATEGORY) valid += count;
    else unseen += count;
  }
  return [
    { state: "valid", count: valid },
    { state: "unseen_category", count: unseen },
  ];
}

function addStates(builder: FieldBuilder, points: readonly PointCount[]): void {
  for (const { slot, key, count } of points) {
    const state = VALUE_STATES.find((name) => name === key);
    if (state !== undefined) builder.addState(slot, state, count);
  }
}
