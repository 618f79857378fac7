import type { Attributes } from "@opentelemetry/api";
import { attr, OTHER_CATEGORY, VALUE_STATES } from "@tidemark/semconv";
import type { CategoryCounts, HistogramCounts } from "@tidemark/sketches";
import type { ModelCounts } from "../aggregate/model-aggregate.ts";
import type { HistogramValue } from "./metric-data.ts";
import type { MetricPoints, ServiceMetric, Stamp } from "./metric-points.ts";

/**
 * Adds the points of a model's counts. Series that counted nothing have no point; with `changed`, only series that
 * counted something there have one (a cumulative series need not repeat itself).
 */
export function appendModelPoints(
  points: MetricPoints,
  model: Attributes,
  stamp: Stamp,
  counts: ModelCounts,
  changed: ModelCounts = counts,
): void {
  const add = { points, model, stamp };
  counts.numeric.forEach(({ name, states, histogram }, index) => {
    const feature = { ...model, [attr.featureName]: name };
    addStates({ ...add, model: feature }, states, changed.numeric[index]!.states);
    addHistogram({ ...add, model: feature }, "featureValue", histogram, changed.numeric[index]!.histogram);
  });
  counts.categorical.forEach(({ name, states, categories }, index) => {
    const feature = { ...model, [attr.featureName]: name };
    addStates({ ...add, model: feature }, states, changed.categorical[index]!.states);
    const changedCategories = changed.categorical[index]!.categories;
    addCategories({ ...add, model: feature }, "featureCategories", attr.featureCategory, categories, changedCategories);
  });
  addHistogram(add, "predictionScore", counts.score, changed.score);
  addHistogram(add, "predictionValue", counts.value, changed.value);
  addCategories(add, "predictionLabels", attr.predictionLabel, counts.labels, changed.labels);
  addHistogram(add, "inferenceDuration", counts.duration, changed.duration);
  addHistogram(add, "inferenceBatchSize", counts.batchSize, changed.batchSize);
  if (changed.succeeded > 0) points.addSum("inferencePredictions", stamp, model, counts.succeeded);
  addCategories(add, "inferencePredictions", attr.errorType, counts.failed, changed.failed);
}

interface Target {
  readonly points: MetricPoints;
  readonly model: Attributes;
  readonly stamp: Stamp;
}

function addStates({ points, model, stamp }: Target, states: Float64Array, changed: Float64Array): void {
  VALUE_STATES.forEach((state, index) => {
    if (changed[index] === 0) return;
    points.addSum("featureValues", stamp, { ...model, [attr.featureValueState]: state }, states[index]!);
  });
}

function addHistogram(
  { points, model, stamp }: Target,
  metric: ServiceMetric,
  histogram: HistogramCounts | null,
  changed: HistogramCounts | null,
): void {
  if (histogram === null || changed === null || changed.count === 0) return;
  points.addHistogram(metric, stamp, model, toHistogramValue(histogram));
}

/** A copy: the live counts go on. No minimum and maximum, which would be raw values. */
function toHistogramValue({ boundaries, counts, count, sum }: HistogramCounts): HistogramValue {
  const value: HistogramValue = { buckets: { boundaries: Array.from(boundaries), counts: Array.from(counts) }, count };
  if (Number.isFinite(sum)) value.sum = sum;
  return value;
}

function addCategories(
  { points, model, stamp }: Target,
  metric: ServiceMetric,
  key: string,
  all: CategoryCounts,
  changed: CategoryCounts,
): void {
  const { categories, counts } = all;
  const changedCounts = changed.counts;
  const changedIndex = new Map(changed.categories.map((category, index) => [category, index]));
  categories.forEach((category, index) => {
    const from = changedIndex.get(category);
    if (from === undefined || changedCounts[from] === 0) return;
    points.addSum(metric, stamp, { ...model, [key]: category }, counts[index]!);
  });
  if (changedCounts.at(-1) === 0) return;
  points.addSum(metric, stamp, { ...model, [key]: OTHER_CATEGORY }, counts[categories.length]!);
}
