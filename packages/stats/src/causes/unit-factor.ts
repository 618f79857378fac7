import { ksTest } from "../tests/ks-test.ts";

/** What values are multiplied by where two units are mixed up; each also the other way round. */
const UNIT_FACTORS = [1000, 100, 10, 1e6, 60, 3600, 24, 1.609344, 3.28084, 2.20462, 2.54, 4];
/** Kolmogorov-Smirnov distance that is left once the unit is put right, as a share of the distance before. */
const LEFT_OVER = 0.3;

/**
 * The factor that the window's values were multiplied by, if dividing by it brings their Kolmogorov-Smirnov distance from the
 * reference below 0.3 of what it was and below `closest`; the best of those that do, or null.
 *
 * @param closest default 0.1; where windows differ by themselves, not much more than they do.
 * Cost O(n log n) for each of 24 factors.
 */
export function unitFactor(reference: readonly number[], current: readonly number[], closest = 0.1): number | null {
  const moved = distance(reference, current);
  let best: { factor: number; left: number } | null = null;
  for (const factor of UNIT_FACTORS.flatMap((f) => [f, 1 / f])) {
    const left = distance(
      reference,
      current.map((value) => value / factor),
    );
    if (left < LEFT_OVER * moved && left < closest && (best === null || left < best.left)) best = { factor, left };
  }
  return best?.factor ?? null;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return ksTest(a, b, { method: "asymptotic" }).statistic;
}
