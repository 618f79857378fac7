import type { Attributes } from "@opentelemetry/api";
import { attr, OTHER_CATEGORY, VALUE_STATES } from "@tidemark/semconv";
import type { BucketRange, CategoryCounts, ExponentialCounts, HistogramCounts } from "@tidemark/sketches";
import type { ModelAggregate, NumericHistogram } from "../aggregate/model-aggregate.ts";
import type { SegmentedAggregate } from "../aggregate/segmented-aggregate.ts";
import type { ExponentialHistogramValue, HistogramValue } from "./metric-data.ts";
import type { MetricPoints, ServiceMetric, Stamp } from "./metric-points.ts";

/**
 * Adds the points of a model's counts, those of its segments with the segment's name and value; series that counted nothing have no point. A cumulative series repeats itself
 * where nothing was added: its last point is then always near, and a reader need not search far back for it.
 */
export function appendModelPoints(
  points: MetricPoints,
  model: Attributes,
  stamp: Stamp,
  aggregate: SegmentedAggregate,
): void {
  appendCounts(points, model, stamp, aggregate.total);
  for (const { name, value, counts } of aggregate.segments()) {
    appendCounts(points, { ...model, [attr.segmentName]: name, [attr.segmentValue]: value }, stamp, counts);
  }
}

function appendCounts(points: MetricPoints, model: Attributes, stamp: Stamp, counts: ModelAggregate): void {
  const add = { points, model, stamp };
  for (const { name, states, histogram } of counts.numeric) {
    const feature = { ...add, model: { ...model, [attr.featureName]: name } };
    addStates(feature, states);
    addHistogram(feature, "featureValue", histogram);
  }
  for (const { name, states, categories } of counts.categorical) {
    const feature = { ...add, model: { ...model, [attr.featureName]: name } };
    addStates(feature, states);
    addCategories(feature, "featureCategories", attr.featureCategory, categories);
  }
  for (const { name, states } of counts.vectors) {
    addStates({ ...add, model: { ...model, [attr.featureName]: name } }, states);
  }
  addHistogram(add, "predictionScore", counts.score);
  addHistogram(add, "predictionValue", counts.value);
  if (counts.contribution !== null) addHistogram(add, "ensembleContribution", counts.contribution);
  addCategories(add, "predictionLabels", attr.predictionLabel, counts.labels);
  addHistogram(add, "inferenceDuration", counts.duration);
  addHistogram(add, "inferenceBatchSize", counts.batchSize);
  if (counts.succeeded > 0) points.addSum("inferencePredictions", stamp, model, counts.succeeded);
  addCategories(add, "inferencePredictions", attr.errorType, counts.failed);
}

interface Target {
  readonly points: MetricPoints;
  readonly model: Attributes;
  readonly stamp: Stamp;
}

function addStates({ points, model, stamp }: Target, states: Float64Array): void {
  VALUE_STATES.forEach((state, index) => {
    if (states[index] === 0) return;
    points.addSum("featureValues", stamp, { ...model, [attr.featureValueState]: state }, states[index]!);
  });
}

function addHistogram(target: Target, metric: ServiceMetric, histogram: NumericHistogram): void {
  if (histogram.count === 0) return;
  const { points, stamp, model } = target;
  if ("boundaries" in histogram) points.addHistogram(metric, stamp, model, toHistogramValue(histogram));
  else points.addExponentialHistogram(metric, stamp, model, toExponentialValue(histogram));
}

/** A copy: the live counts go on. No minimum and maximum, which would be raw values. */
function toHistogramValue({ boundaries, counts, count, sum }: HistogramCounts): HistogramValue {
  const value: HistogramValue = { buckets: { boundaries: Array.from(boundaries), counts: Array.from(counts) }, count };
  if (Number.isFinite(sum)) value.sum = sum;
  return value;
}

function toExponentialValue({ positive, negative, scale, zeroCount, count, sum }: ExponentialCounts) {
  const value: ExponentialHistogramValue = {
    scale,
    zeroCount,
    count,
    positive: toBuckets(positive),
    negative: toBuckets(negative),
  };
  if (Number.isFinite(sum)) value.sum = sum;
  return value;
}

function toBuckets({ offset, counts }: BucketRange): ExponentialHistogramValue["positive"] {
  return { offset, bucketCounts: Array.from(counts) };
}

function addCategories(
  { points, model, stamp }: Target,
  metric: ServiceMetric,
  key: string,
  { categories, counts }: CategoryCounts,
): void {
  [...categories, OTHER_CATEGORY].forEach((category, index) => {
    if (counts[index] === 0) return;
    points.addSum(metric, stamp, { ...model, [key]: category }, counts[index]!);
  });
}
