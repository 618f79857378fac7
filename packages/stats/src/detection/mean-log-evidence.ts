/**
 * ln of the mean of e-values: an e-value for "nothing changed anywhere", whatever the dependence between its parts (features, slices,
 * segments). The same holds of the statistics R of e-detectors that look at the same moments.
 *
 * @param logEvidences ln e of each part, at least one; -Infinity is allowed.
 * @throws RangeError where there is none, or one is NaN.
 * Source: V. Vovk, R. Wang, Annals of Statistics 49 (2021), doi:10.1214/20-AOS2020.
 * @example meanLogEvidence([0, Math.log(3)]) // ln 2
 */
export function meanLogEvidence(logEvidences: readonly number[]): number {
  if (logEvidences.length === 0) throw new RangeError("logEvidences is empty; expected at least one");
  const at = logEvidences.findIndex(Number.isNaN);
  if (at >= 0) throw new RangeError(`logEvidences[${at}] is NaN; every ln e is a number`);
  const largest = Math.max(...logEvidences);
  if (!Number.isFinite(largest)) return largest;
  const sum = logEvidences.reduce((total, value) => total + Math.exp(value - largest), 0);
  return largest + Math.log(sum / logEvidences.length);
}
