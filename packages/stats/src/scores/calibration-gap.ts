import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";
import type { RankedRow } from "./roc-auc.ts";

const BINS = 10;

/**
 * Expected calibration error of a probability, sum over ten equal bins of share x |share of positives - mean score|, with a
 * 95 % interval.
 *
 * The standard error is sqrt(sum share^2 p (1 - p) / n) over the bins, p the bin's share of positives and n its effective rows:
 * the delta method with the sign of each gap as it is. The value cannot be negative, so that a calibrated model's is above 0 by
 * noise; compare it with that of a reference of like size.
 *
 * @param rows scores in [0, 1]; weights of at least 0. Bin k holds (k/10, (k+1)/10], 0 the first.
 * @returns nulls without weight or with a score outside [0, 1].
 * Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602.
 * @example calibrationGap([{ score: 0.9, positive: true, weight: 1, squaredWeight: 1 }]).value // 0.1
 */
export function calibrationGap(rows: readonly RankedRow[]): Estimate {
  const bins = Array.from({ length: BINS }, () => ({ weight: 0, squared: 0, score: 0, positive: 0 }));
  let total = 0;
  for (const { score, positive, weight, squaredWeight } of rows) {
    if (!(score >= 0 && score <= 1)) return NO_ESTIMATE;
    const bin = bins[Math.max(0, Math.ceil(score * BINS) - 1)]!;
    bin.weight += weight;
    bin.squared += squaredWeight;
    bin.score += weight * score;
    if (positive) bin.positive += weight;
    total += weight;
  }
  if (!(total > 0)) return NO_ESTIMATE;
  let value = 0;
  let variance = 0;
  for (const bin of bins) {
    if (bin.weight === 0) continue;
    const share = bin.positive / bin.weight;
    value += Math.abs(bin.positive - bin.score) / total;
    variance += (share * (1 - share) * bin.squared) / (total * total);
  }
  const standardError = Math.sqrt(variance);
  return {
    value,
    lower: Math.max(0, value - NORMAL_95 * standardError),
    upper: Math.min(1, value + NORMAL_95 * standardError),
    standardError,
  };
}
