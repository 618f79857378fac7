import { shareInterval } from "../intervals/share-interval.ts";
import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";
import type { RankedRow } from "./roc-auc.ts";
import { requireRankedRows } from "./weighted-rows.ts";

/** Rows of one bin of confidence. */
export interface CalibrationBin {
  readonly index: number;
  /** Rows given, whatever their weight. */
  readonly count: number;
  readonly weight: number;
  /** (sum w)^2 / sum w^2. */
  readonly effectiveCount: number;
  readonly meanConfidence: number;
  /** Share of the rows whose prediction came true. */
  readonly accuracy: number;
  /** Of accuracy - mean confidence. */
  readonly standardError: number;
}

export interface CalibrationError {
  /** Mean over rows of |accuracy - mean confidence| of their bin (ECE), in [0, 1]. */
  readonly expected: Estimate;
  /** Largest of these differences (MCE), in [0, 1]. */
  readonly maximum: Estimate;
  /** Bins with weight, ascending. */
  readonly bins: readonly CalibrationBin[];
}

export interface CalibrationOptions {
  /** From 1 to 10,000; default 10. */
  readonly bins?: number;
  /** `uniform` (default): bin k holds (k/bins, (k+1)/bins], 0 the first. `quantile`: bins of equal size in the order of confidence. */
  readonly strategy?: "uniform" | "quantile";
}

const MOST_BINS = 10_000;
/** Mean of |N(0, 1)|. */
const MEAN_ABSOLUTE_NORMAL = Math.sqrt(2 / Math.PI);

/**
 * Expected and maximum calibration error: how far stated confidence is from what came true, with 95 % intervals for the error
 * that all rows of the same kind would have in these bins.
 *
 * A bin's gap has the standard error sqrt(p (1 - p) / n), n its effective rows and p = (hits + 1) / (n + 2), so that a bin of one row
 * is not taken for certain. Noise alone makes gaps, so the value grows with the number of bins and is above 0 for a calibrated
 * model, on average by at most sum share sqrt(2 / pi) standard error; the lower limit has that taken off besides the 1.96
 * standard errors, and is 0 where noise explains the value. The maximum has Clopper and Pearson's limits of every bin
 * together (Bonferroni).
 *
 * @param rows confidences in [0, 1] as `score`, whether the prediction came true as `positive`; weights of at least 0; at least one row.
 * @returns nulls without weight.
 * @throws RangeError naming the argument that is empty or outside its domain.
 * Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602.
 * @example calibrationError([{ score: 0.9, positive: true, weight: 1, squaredWeight: 1 }]).expected.value // 0.1
 */
export function calibrationError(
  rows: readonly RankedRow[],
  { bins = 10, strategy = "uniform" }: CalibrationOptions = {},
): CalibrationError {
  requireConfidences(rows, bins);
  const confidences = rows.map(({ score }) => score);
  const binOf = strategy === "uniform" ? uniformBins(confidences, bins) : quantileBins(confidences, bins);
  const byBin = Array.from({ length: bins }, (): RankedRow[] => []);
  rows.forEach((row, at) => {
    if (row.weight > 0) byBin[binOf[at]!]!.push(row);
  });
  const found = byBin.flatMap((own, index) => (own.length === 0 ? [] : [binAt(index, own)]));
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return { expected: NO_ESTIMATE, maximum: NO_ESTIMATE, bins: [] };
  return { expected: expectedOf(found, total), maximum: maximumOf(found), bins: found };
}

function binAt(index: number, rows: readonly RankedRow[]): CalibrationBin {
  const sum = (of: (row: RankedRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const weight = sum((row) => row.weight);
  const effective = weight ** 2 / sum((row) => row.squaredWeight);
  const accuracy = sum((row) => (row.positive ? row.weight : 0)) / weight;
  const share = (accuracy * effective + 1) / (effective + 2);
  return {
    index,
    count: rows.length,
    weight,
    effectiveCount: effective,
    meanConfidence: sum((row) => row.weight * row.score) / weight,
    accuracy,
    standardError: Math.sqrt((share * (1 - share)) / effective),
  };
}

function expectedOf(bins: readonly CalibrationBin[], total: number): Estimate {
  let value = 0;
  let variance = 0;
  let noise = 0;
  for (const bin of bins) {
    const share = bin.weight / total;
    value += share * gapOf(bin);
    variance += (share * bin.standardError) ** 2;
    noise += share * bin.standardError * MEAN_ABSOLUTE_NORMAL;
  }
  const standardError = Math.sqrt(variance);
  const half = NORMAL_95 * standardError;
  return { value, lower: Math.max(0, value - half - noise), upper: Math.min(1, value + half), standardError };
}

function maximumOf(bins: readonly CalibrationBin[]): Estimate {
  const worst = bins.reduce((most, bin) => (gapOf(bin) > gapOf(most) ? bin : most));
  let [lower, upper] = [0, 0];
  for (const { accuracy, effectiveCount, meanConfidence } of bins) {
    const hits = accuracy * effectiveCount;
    const [low, high] = shareInterval(hits, effectiveCount, "clopper-pearson", 0.05 / bins.length);
    lower = Math.max(lower, low - meanConfidence, meanConfidence - high);
    upper = Math.max(upper, high - meanConfidence, meanConfidence - low);
  }
  const value = gapOf(worst);
  return { value, lower: Math.min(lower, value), upper, standardError: worst.standardError };
}

function gapOf({ accuracy, meanConfidence }: CalibrationBin): number {
  return Math.abs(accuracy - meanConfidence);
}

function requireConfidences(rows: readonly RankedRow[], bins: number): void {
  if (rows.length === 0) throw new RangeError("rows is empty; expected at least one row");
  if (!(bins >= 1 && bins <= MOST_BINS && Number.isInteger(bins))) {
    throw new RangeError(`bins is ${bins}; expected a whole number from 1 to ${MOST_BINS}`);
  }
  requireRankedRows(rows);
  const wrong = rows.findIndex(({ score }) => !(score >= 0 && score <= 1));
  if (wrong >= 0) throw new RangeError(`rows[${wrong}].score is ${rows[wrong]!.score}; expected a probability`);
}

/** The bin whose upper edge is the first at or above the confidence; edges are multiples of 1 / bins as numpy's linspace rounds them. */
function uniformBins(confidences: readonly number[], bins: number): number[] {
  const width = 1 / bins;
  return confidences.map((confidence) => {
    let bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    while (bin > 0 && confidence <= bin * width) bin -= 1;
    while (bin < bins - 1 && confidence > (bin + 1) * width) bin += 1;
    return bin;
  });
}

function quantileBins(confidences: readonly number[], bins: number): number[] {
  const order = confidences.map((_, row) => row).sort((a, b) => confidences[a]! - confidences[b]!);
  const result = new Array<number>(confidences.length);
  order.forEach((row, rank) => {
    result[row] = Math.floor((rank * bins) / confidences.length);
  });
  return result;
}
