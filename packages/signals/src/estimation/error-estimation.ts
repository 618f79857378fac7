import type { ErrorEstimation, Profile } from "@tidemark/schema";
import {
  byErrorTarget,
  createErrorReference,
  type ErrorMetrics,
  type ErrorModel,
  type ErrorReference,
  type ErrorRows,
  errorMetricNames,
  fitErrors,
} from "@tidemark/stats";
import type { ValueSample } from "./estimation-sample.ts";
import { type FineFeatureCodes, fineFeatureCodes } from "./feature-codes.ts";
import { bytesOf, doublesOf, floatsOf, shortsOf } from "./packed-values.ts";

/** What estimating errors takes of a profile. */
export interface ErrorEstimationModel {
  readonly reference: ErrorReference;
  /** Prediction less outcome of the reference's sample, in order of time. */
  readonly errors: Float64Array;
}

/** Rows that models are fitted on in the service, where records do not name every feature of the profile. */
const REFIT_ROWS = 8_000;
const prepared = new WeakMap<ErrorEstimation, Map<string, ErrorEstimationModel>>();

/**
 * What estimation takes of a profile's reference, of the given features; made once and kept. Null where the profile holds none. The models
 * come fitted with the profile; those of fewer features are fitted anew, on at most 8,000 rows of its sample: half a second.
 */
export function errorEstimationModel(profile: Profile, features: readonly string[]): ErrorEstimationModel | null {
  const { estimation } = profile;
  if (estimation?.question !== "error") return null;
  const own = prepared.get(estimation) ?? new Map<string, ErrorEstimationModel>();
  prepared.set(estimation, own);
  const id = JSON.stringify(features);
  let model = own.get(id);
  if (model === undefined) {
    model =
      id === JSON.stringify(estimation.features) ? asFitted(profile, estimation) : refit(profile, estimation, features);
    own.set(id, model);
  }
  return model;
}

/** A window's rows as the statistics take them. */
export function rowsOfValueSample({ features, codes, rows, predictions }: ValueSample): ErrorRows {
  const width = features.length;
  return { codes: Array.from({ length: rows }, (_, i) => codes.subarray(i * width, (i + 1) * width)), predictions };
}

function asFitted(profile: Profile, estimation: ErrorEstimation): ErrorEstimationModel {
  const { edges, sample } = estimation;
  const features = codesOf(profile, estimation.features);
  const sizes = [...features.map(({ size }) => size), edges.length + 4];
  const models = byErrorTarget((target) => modelOf(estimation.models[target], sizes));
  const blocks = estimation.blocks.map(({ truth, estimate, variances }) => ({
    truth: metricsOf(truth),
    estimate: metricsOf(estimate),
    variances: metricsOf(variances),
  }));
  const rows = sampledRows(estimation, estimation.features, everyPlace(sample.rows));
  const residuals = byErrorTarget((target) => floatsOf(sample.residuals[target]));
  return {
    reference: createErrorReference(features, { edges, models, blocks }, { ...rows, residuals }),
    errors: rows.errors,
  };
}

function refit(profile: Profile, estimation: ErrorEstimation, names: readonly string[]): ErrorEstimationModel {
  const features = codesOf(profile, names);
  const { rows: count } = estimation.sample;
  const kept = Math.min(count, REFIT_ROWS);
  const places = Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
  const rows = sampledRows(estimation, names, places);
  const fitted = fitErrors(features, rows, rows.errors);
  return { reference: createErrorReference(features, fitted, { ...rows, ...fitted }), errors: rows.errors };
}

function sampledRows({ sample }: ErrorEstimation, names: readonly string[], places: readonly number[]) {
  const columns = names.map((name) => bytesOf(sample.codes[name]!));
  const predictions = doublesOf(sample.predictions);
  const errors = floatsOf(sample.errors);
  return {
    codes: places.map((i) => Uint8Array.from(columns, (column) => column[i]!)),
    predictions: Float64Array.from(places, (i) => predictions[i]!),
    errors: Float64Array.from(places, (i) => errors[i]!),
  };
}

function modelOf(packed: ErrorEstimation["models"]["signed"], sizes: readonly number[]): ErrorModel {
  const { base, offset, depth } = packed;
  const inner = 2 ** depth - 1;
  const feature = Int32Array.from(shortsOf(packed.features));
  const threshold = Int32Array.from(bytesOf(packed.thresholds));
  const leaf = doublesOf(packed.leaves);
  const ranks = bytesOf(packed.ranks);
  const starts = [0];
  for (const size of sizes) starts.push(starts.at(-1)! + size);
  return {
    offset,
    ranks: sizes.map((_size, j) => ranks.subarray(starts[j], starts[j + 1])),
    trees: {
      base,
      depth,
      trees: Array.from({ length: feature.length / inner }, (_, tree) => ({
        feature: feature.subarray(tree * inner, (tree + 1) * inner),
        threshold: threshold.subarray(tree * inner, (tree + 1) * inner),
        leaf: leaf.subarray(tree * (inner + 1), (tree + 1) * (inner + 1)),
      })),
    },
  };
}

function codesOf(profile: Profile, names: readonly string[]): FineFeatureCodes[] {
  return names.map((name) =>
    fineFeatureCodes(profile.fields.find(({ target, name: own }) => target === "feature" && own === name)!),
  );
}

function metricsOf(values: Readonly<Record<string, number | null>>): ErrorMetrics {
  const entries = errorMetricNames.map((name) => [name, values[name] ?? Number.NaN]);
  return Object.fromEntries(entries) as Record<(typeof errorMetricNames)[number], number>;
}

function everyPlace(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
