/**
 * e-BH: which of many features to flag so that the expected share of false ones among the flagged is at most `level`,
 * whatever the dependence between features (Wang and Ramdas 2022, doi:10.1111/rssb.12489): the k largest e-values for the
 * largest k with e_(k) >= F / (level k).
 *
 * @param logEvidences ln e of each feature; -Infinity is allowed.
 * @param level in (0, 1], for example 0.05.
 * @returns a flag for each feature, in the order given.
 * @throws RangeError where the level is outside (0, 1] or a value is NaN.
 */
export function eBenjaminiHochberg(logEvidences: readonly number[], level: number): boolean[] {
  if (!(level > 0 && level <= 1)) throw new RangeError(`level is ${level}; it lies in (0, 1]`);
  const descending = [...logEvidences].sort((a, b) => b - a);
  if (descending.some(Number.isNaN)) throw new RangeError("logEvidences holds NaN; every ln e is a number");
  let line = Number.POSITIVE_INFINITY;
  descending.forEach((logEvidence, index) => {
    if (logEvidence >= Math.log(descending.length / (level * (index + 1)))) line = logEvidence;
  });
  return logEvidences.map((logEvidence) => logEvidence >= line);
}
