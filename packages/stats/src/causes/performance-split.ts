/** Sums of a loss per stratum: rows, sum, sum of squares; all three of one length. */
export interface StratumSums {
  readonly n: ArrayLike<number>;
  readonly sum: ArrayLike<number>;
  readonly sumOfSquares: ArrayLike<number>;
}

/** Additive parts of `total`: covariate (`mix`), concept (`within`) and not comparable (`new`, `gone`), with standard errors. */
export interface PerformanceSplit {
  readonly total: number;
  readonly totalError: number;
  readonly mix: number;
  readonly mixError: number;
  readonly within: number;
  readonly withinError: number;
  readonly new: number;
  readonly gone: number;
  /** Of new + gone; NaN without common support. */
  readonly notComparableError: number;
  /** Share of rows in strata that both sides hold. */
  readonly referenceSupport: number;
  readonly currentSupport: number;
  readonly stratumMix: Float64Array;
  readonly stratumWithin: Float64Array;
}

/**
 * Exact split of a change of mean loss, current minus reference, over strata: total = mix + within + new + gone.
 *
 * On common support mix = sum (pi_c - pi_r)(mubar - Rbar) and within = sum (mu_c - mu_r) pibar, bars the averages of both sides. A stratum
 * with fewer than `minRows` rows on either side is off support and counted in `new` or `gone`. Strata are treated as given; the
 * interval of a part is +-1.96 of its error. Without common support all of the change is `new` and the two errors are NaN.
 *
 * @throws RangeError when a side has no rows.
 * Source: E. M. Kitagawa, JASA 50 (1955), doi:10.1080/01621459.1955.10501299.
 */
export function splitPerformance(reference: StratumSums, current: StratumSums, minRows = 20): PerformanceSplit {
  const strata = Array.from({ length: reference.n.length }, (_, g) => g);
  const ok = strata.map((g) => reference.n[g]! >= minRows && current.n[g]! >= minRows);
  const r = sideOf(reference, ok);
  const c = sideOf(current, ok);
  if (r.rows === 0 || c.rows === 0) throw new RangeError("reference and current must both hold rows");
  const stratumMix = new Float64Array(strata.length);
  const stratumWithin = new Float64Array(strata.length);
  const base = {
    total: c.mean - r.mean,
    totalError: Math.sqrt(r.meanVariance + c.meanVariance),
    stratumMix,
    stratumWithin,
  };
  if (r.supported === 0) {
    const none = {
      mix: 0,
      mixError: Number.NaN,
      within: 0,
      withinError: Number.NaN,
      gone: 0,
      notComparableError: Number.NaN,
    };
    return { ...base, ...none, new: base.total, referenceSupport: 0, currentSupport: 0 };
  }
  const bar = (r.supportMean + c.supportMean) / 2;
  const moments = { r1: 0, r2: 0, c1: 0, c2: 0 };
  let withinVariance = 0;
  for (const g of strata) {
    if (!ok[g]) continue;
    const shareR = reference.n[g]! / r.supported;
    const shareC = current.n[g]! / c.supported;
    const meanR = reference.sum[g]! / reference.n[g]!;
    const meanC = current.sum[g]! / current.n[g]!;
    const mean = (meanR + meanC) / 2;
    const share = (shareR + shareC) / 2;
    stratumMix[g] = (shareC - shareR) * (mean - bar);
    stratumWithin[g] = (meanC - meanR) * share;
    moments.r1 += shareR * mean;
    moments.r2 += shareR * mean * mean;
    moments.c1 += shareC * mean;
    moments.c2 += shareC * mean * mean;
    const varianceR = Math.max(0, reference.sumOfSquares[g]! / reference.n[g]! - meanR * meanR);
    const varianceC = Math.max(0, current.sumOfSquares[g]! / current.n[g]! - meanC * meanC);
    withinVariance += share * share * (varianceR / reference.n[g]! + varianceC / current.n[g]!);
  }
  const mixVariance = (moments.r2 - moments.r1 ** 2) / r.supported + (moments.c2 - moments.c1 ** 2) / c.supported;
  return {
    ...base,
    mix: stratumMix.reduce((sum, value) => sum + value, 0),
    mixError: Math.sqrt(Math.max(0, mixVariance)),
    within: stratumWithin.reduce((sum, value) => sum + value, 0),
    withinError: Math.sqrt(withinVariance),
    new: c.mean - c.supportMean,
    gone: -(r.mean - r.supportMean),
    notComparableError: Math.sqrt(r.offSupportVariance + c.offSupportVariance),
    referenceSupport: r.supported / r.rows,
    currentSupport: c.supported / c.rows,
  };
}

function sideOf(side: StratumSums, ok: readonly boolean[]) {
  let rows = 0;
  let sum = 0;
  let squares = 0;
  let supported = 0;
  let supportedSum = 0;
  let supportedSquares = 0;
  ok.forEach((inside, g) => {
    rows += side.n[g]!;
    sum += side.sum[g]!;
    squares += side.sumOfSquares[g]!;
    if (!inside) return;
    supported += side.n[g]!;
    supportedSum += side.sum[g]!;
    supportedSquares += side.sumOfSquares[g]!;
  });
  const mean = sum / rows;
  const meanVariance = meanVarianceOf(rows, sum, squares);
  const offRows = rows - supported;
  const offVariance = meanVarianceOf(offRows, sum - supportedSum, squares - supportedSquares);
  // Of a (U - S), the means off and on support: both vary, the share a is taken as given.
  const offSupportVariance =
    (offRows / rows) ** 2 * (offVariance + meanVarianceOf(supported, supportedSum, supportedSquares));
  return { rows, mean, meanVariance, supported, supportMean: supportedSum / supported, offSupportVariance };
}

function meanVarianceOf(rows: number, sum: number, squares: number): number {
  return rows > 0 ? Math.max(0, squares / rows - (sum / rows) ** 2) / rows : 0;
}
