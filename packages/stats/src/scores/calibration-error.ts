/** Rows of one bin of confidence. */
export interface CalibrationBin {
  readonly index: number;
  readonly count: number;
  readonly meanConfidence: number;
  /** Share of the rows whose prediction came true. */
  readonly accuracy: number;
}

export interface CalibrationError {
  /** Mean over rows of |accuracy - mean confidence| of their bin (ECE), in [0, 1]. */
  readonly expected: number;
  /** Largest of these differences (MCE), in [0, 1]. */
  readonly maximum: number;
  /** Bins with rows, ascending. */
  readonly bins: readonly CalibrationBin[];
}

export interface CalibrationOptions {
  /** Default 10. */
  readonly bins?: number;
  /** `uniform` (default): bin k holds (k/bins, (k+1)/bins], 0 the first. `quantile`: bins of equal size in the order of confidence. */
  readonly strategy?: "uniform" | "quantile";
}

/**
 * Expected and maximum calibration error: how far stated confidence is from what came true.
 *
 * The value grows with the number of bins and falls with the number of rows even for a calibrated model: compare like with like.
 *
 * @param confidences probabilities in [0, 1], at least one.
 * @param hits whether the prediction came true, as many.
 * @throws RangeError naming the argument that is empty, of another length, or outside its domain.
 * Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602.
 * @example calibrationError([0.9, 0.8], [true, false]).expected // 0.45
 */
export function calibrationError(
  confidences: readonly number[],
  hits: readonly boolean[],
  { bins = 10, strategy = "uniform" }: CalibrationOptions = {},
): CalibrationError {
  requireRows(confidences, hits, bins);
  const binOf = strategy === "uniform" ? uniformBins(confidences, bins) : quantileBins(confidences, bins);
  const found: CalibrationBin[] = [];
  for (let index = 0; index < bins; index++) {
    const rows = binOf.flatMap((bin, row) => (bin === index ? [row] : []));
    if (rows.length === 0) continue;
    found.push({
      index,
      count: rows.length,
      meanConfidence: rows.reduce((sum, row) => sum + confidences[row]!, 0) / rows.length,
      accuracy: rows.filter((row) => hits[row]).length / rows.length,
    });
  }
  const errors = found.map((bin) => Math.abs(bin.accuracy - bin.meanConfidence));
  return {
    expected: found.reduce((sum, bin, i) => sum + (bin.count / confidences.length) * errors[i]!, 0),
    maximum: Math.max(...errors),
    bins: found,
  };
}

function requireRows(confidences: readonly number[], hits: readonly boolean[], bins: number): void {
  if (confidences.length === 0) throw new RangeError("confidences is empty; expected at least one row");
  if (hits.length !== confidences.length) {
    throw new RangeError(`hits has ${hits.length} entries; expected ${confidences.length}`);
  }
  if (!(bins >= 1 && Number.isInteger(bins))) throw new RangeError(`bins is ${bins}; expected a whole number from 1`);
  const wrong = confidences.findIndex((confidence) => !(confidence >= 0 && confidence <= 1));
  if (wrong >= 0) throw new RangeError(`confidences[${wrong}] is ${confidences[wrong]}; expected a probability`);
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
