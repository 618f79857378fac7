import {
  byErrorTarget,
  type ErrorMetrics,
  type ErrorTarget,
  metricsOfMeans,
  metricVariances,
  targetsOfErrors,
} from "./error-metrics.ts";
import { type ErrorFeature, type ErrorModel, fitErrorModel, predictErrors } from "./error-model.ts";
import { binEdges, binOf } from "./value-bins.ts";

/** Rows of a model that predicts quantities: codes of the features, and what it said. */
export interface ErrorRows {
  readonly codes: readonly ArrayLike<number>[];
  readonly predictions: ArrayLike<number>;
}

/** A stretch of the reference, estimated from stretches beside it: the record before any window has matured. */
export interface ErrorBlock {
  readonly truth: ErrorMetrics;
  readonly estimate: ErrorMetrics;
  /** Sampling and calibration variance of the estimate. */
  readonly variances: ErrorMetrics;
}

/** What is learned from the errors of the reference; plain numbers. */
export interface FittedErrors {
  /** Inner edges of the bins in which trees see the prediction; one on an edge belongs above. */
  readonly edges: readonly number[];
  readonly models: Readonly<Record<ErrorTarget, ErrorModel>>;
  readonly blocks: readonly ErrorBlock[];
  /** By row, its target less what models of other rows expected. */
  readonly residuals: Readonly<Record<ErrorTarget, Float64Array>>;
}

const PREDICTION_BINS = 48;
/** Stretches of the reference. */
const BLOCKS = 10;
/** Rows below which a block says nothing. */
const MIN_BLOCK_ROWS = 100;

/**
 * Fits the error models of a labelled reference (ESTIMATION 1.8) and its own back-test. Every second stretch of it is estimated from the
 * others, two fits instead of ten: these models have half the rows, so that residuals and record are rather too bad than too good.
 *
 * @param rows in order of time, at least two. @param errors prediction - outcome, one a row.
 * Cost: three fits of boosted trees on all rows and six on half of them; 8 s for 60,000 rows of seven features.
 */
export function fitErrors(features: readonly ErrorFeature[], rows: ErrorRows, errors: ArrayLike<number>): FittedErrors {
  const edges = binEdges(rows.predictions, PREDICTION_BINS);
  const codes = errorModelCodes(rows, edges);
  const all = [...features, { size: edges.length + 4, isOrdered: true }];
  const targets = targetsOfErrors(errors);
  const fit = (places: readonly number[], target: ErrorTarget) =>
    fitErrorModel(
      all,
      places.map((i) => codes[i]!),
      Float64Array.from(places, (i) => targets[target][i]!),
      target !== "signed",
    );
  const blocks = Math.max(2, Math.min(BLOCKS, Math.floor(codes.length / MIN_BLOCK_ROWS)));
  const blockOf = (i: number) => Math.floor((i * blocks) / codes.length);
  const everyPlace = codes.map((_, i) => i);
  const residuals = byErrorTarget((target) => {
    const own = new Float64Array(codes.length);
    for (const parity of [0, 1]) {
      const places = everyPlace.filter((i) => blockOf(i) % 2 === parity);
      const model = fit(
        everyPlace.filter((i) => blockOf(i) % 2 !== parity),
        target,
      );
      const expected = predictErrors(
        model,
        places.map((i) => codes[i]!),
      );
      places.forEach((i, k) => {
        own[i] = targets[target][i]! - expected[k]!;
      });
    }
    return own;
  });
  return {
    edges,
    models: byErrorTarget((target) => fit(everyPlace, target)),
    blocks: Array.from({ length: blocks }, (_, block) =>
      blockOfPlaces(
        everyPlace.filter((i) => blockOf(i) === block),
        targets,
        residuals,
      ),
    ),
    residuals,
  };
}

/** Codes of the features and, as one feature more, of the prediction. */
export function errorModelCodes({ codes, predictions }: ErrorRows, edges: readonly number[]): Uint8Array[] {
  return codes.map((row, i) => {
    const all = new Uint8Array(row.length + 1);
    all.set(row);
    // Code 0 is a missing value's; a prediction is always there.
    all[row.length] = binOf(predictions[i]!, edges) + 1;
    return all;
  });
}

function blockOfPlaces(
  places: readonly number[],
  targets: Readonly<Record<ErrorTarget, Float64Array>>,
  residuals: Readonly<Record<ErrorTarget, Float64Array>>,
): ErrorBlock {
  const mean = (values: Float64Array) => places.reduce((sum, i) => sum + values[i]!, 0) / places.length;
  const truth = byErrorTarget((target) => mean(targets[target]));
  const estimate = metricsOfMeans(byErrorTarget((target) => truth[target] - mean(residuals[target])));
  const rows = residuals.signed.length;
  const variance = (values: Float64Array) => {
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += values[i]! ** 2;
    // Of the block's own rows, and of the half of all rows that its model was fitted on.
    return (squares / rows) * (1 / places.length + 2 / rows);
  };
  return {
    truth: metricsOfMeans(truth),
    estimate,
    variances: metricVariances(
      estimate,
      byErrorTarget((target) => variance(residuals[target])),
    ),
  };
}
