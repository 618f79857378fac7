import type { ClassEstimation, Profile } from "@tidemark/schema";
import {
  type EstimatedMetric,
  type EstimationReference,
  type EstimationRows,
  estimatedMetrics,
  fitEstimationReference,
  type MetricValues,
} from "@tidemark/stats";
import type { ClassSample } from "./estimation-sample.ts";
import { featureCodes } from "./feature-codes.ts";
import { bytesOf, doublesOf } from "./packed-values.ts";

const fitted = new WeakMap<ClassEstimation, Map<string, EstimationReference>>();

/**
 * What estimation learns from a profile's reference, of the given features; fitted once and kept. Null where the profile
 * holds no estimation. Cost of a fit: half a second for 20,000 rows of ten features.
 */
export function estimationModel(profile: Profile, features: readonly string[]): EstimationReference | null {
  const { estimation } = profile;
  if (estimation === undefined || estimation.question === "error") return null;
  const own = fitted.get(estimation) ?? new Map<string, EstimationReference>();
  fitted.set(estimation, own);
  const id = JSON.stringify(features);
  let model = own.get(id);
  if (model === undefined) {
    model = fit(profile, estimation, features);
    own.set(id, model);
  }
  return model;
}

/** A window's rows as the statistics take them. */
export function rowsOfSample(profile: Profile, sample: ClassSample): EstimationRows {
  const { features, codes, rows, scores, predicted } = sample;
  const width = features.length;
  return {
    codes: Array.from({ length: rows }, (_, i) => codes.subarray(i * width, (i + 1) * width)),
    sizes: sizesOf(profile, features),
    scores,
    predicted,
  };
}

function fit(profile: Profile, { cells, sample }: ClassEstimation, features: readonly string[]): EstimationReference {
  const columns = features.map((name) => bytesOf(sample.codes[name]!));
  const rows = {
    codes: Array.from({ length: sample.rows }, (_, i) => Uint8Array.from(columns, (column) => column[i]!)),
    sizes: sizesOf(profile, features),
    scores: doublesOf(sample.scores),
    predicted: bytesOf(sample.predicted),
    outcomes: bytesOf(sample.outcomes),
  };
  const all = { ...cells, truth: valuesOf(cells.truth), offsets: valuesOf(cells.offsets) };
  return fitEstimationReference(all, rows);
}

function sizesOf(profile: Profile, features: readonly string[]): number[] {
  return features.map((name) => {
    const field = profile.fields.find(({ target, name: own }) => target === "feature" && own === name)!;
    return featureCodes(field).size;
  });
}

function valuesOf(values: Readonly<Record<string, number | null>>): MetricValues {
  const entries = estimatedMetrics.map((name) => [name, values[name] ?? Number.NaN]);
  return Object.fromEntries(entries) as Record<EstimatedMetric, number>;
}
