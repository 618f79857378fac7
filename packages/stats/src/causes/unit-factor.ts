import { ksTest } from "../tests/ks-test.ts";

/** What values are multiplied by where two units are mixed up; each also the other way round. */
const UNIT_FACTORS = [1000, 100, 10, 1e6, 60, 3600, 24, 1.609344, 3.28084, 2.20462, 2.54, 4];
/** Factors from here on are no change of the world: a week's delays may double, and do not grow sixtyfold. */
const LARGE = 10;
/** What may be left of the Kolmogorov-Smirnov distance once the unit is put right: as a share of the distance before, and at most. */
const LEFT_OVER = { share: 0.3, most: 0.1 };

/**
 * The factor that the window's values were multiplied by, if dividing by it leaves at most 0.3 of their Kolmogorov-Smirnov distance from
 * the reference, and at most 0.1; the best of those that do, or null. Where it is known how far windows are from the reference by
 * themselves, at most 1.35 times that (0.05 at least); for factors of ten and more, at most 0.4 of the distance and twice that.
 *
 * @param natural largest distance of windows without a fault, in [0, 1]; null where it is not known.
 * Cost O(n log n) for each of 24 factors.
 */
export function unitFactor(
  reference: readonly number[],
  current: readonly number[],
  natural: number | null = null,
): number | null {
  const moved = distance(reference, current);
  let best: { factor: number; left: number } | null = null;
  for (const factor of UNIT_FACTORS.flatMap((f) => [f, 1 / f])) {
    const { share, most } = leftOver(factor, natural);
    const left = distance(
      reference,
      current.map((value) => value / factor),
    );
    if (left < share * moved && left < most && (best === null || left < best.left)) best = { factor, left };
  }
  return best?.factor ?? null;
}

/** Values from which on a change of unit is looked for. */
const LEAST_VALUES = 100;

/**
 * Values in another unit, as `unitFactor` tells them: all, or, where the change came within the window, those beyond all that the
 * reference had, with their share. Null where neither is so.
 */
export function unitChange(
  reference: readonly number[],
  current: readonly number[],
  natural: number,
): { readonly factor: number; readonly share?: number } | null {
  if (current.length < LEAST_VALUES) return null;
  const factor = unitFactor(reference, current, natural);
  if (factor !== null) return { factor };
  const sorted = Float64Array.from(reference).sort();
  const beyond = current.filter((value) => value < sorted[0]! || value > sorted.at(-1)!);
  const ofThose = beyond.length < LEAST_VALUES ? null : unitFactor(reference, beyond, natural);
  return ofThose === null ? null : { factor: ofThose, share: beyond.length / current.length };
}

function leftOver(factor: number, natural: number | null): { readonly share: number; readonly most: number } {
  if (natural === null) return LEFT_OVER;
  if (Math.max(factor, 1 / factor) >= LARGE) return { share: 0.4, most: Math.max(0.05, 2 * natural) };
  return { share: LEFT_OVER.share, most: Math.max(0.05, 1.35 * natural) };
}

function distance(a: readonly number[], b: readonly number[]): number {
  return ksTest(a, b, { method: "asymptotic" }).statistic;
}
