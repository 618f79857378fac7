import type { Profile, ProfileField, VarietyCurve } from "@tidemark/schema";
import { studentQuantile } from "@tidemark/stats";

/** Chance that a window like the reference's stretches has any feature beyond its limit, of one rule. */
const ALPHA = 1e-3;
/** Mean of Gumbel's distribution. */
const EULER = 0.577_215_664_901_532_9;

/** The chance that is left to one of as many limits as the profile's features have, `sides` each. */
export function limitChance(profile: Profile, sides: number): number {
  const features = profile.fields.filter(({ variety }) => variety !== undefined).length;
  return ALPHA / Math.max(1, sides * features);
}

/**
 * Features whose number of distinct values is judged: those whose curve the profile keeps, but for categorical ones whose categories are all
 * told apart, each of which is known to be there (`missing_category`) or new (`unseen_category`).
 */
export function variedFields(profile: Profile): ProfileField[] {
  return profile.fields.filter(
    (field) => field.variety !== undefined && (field.kind === "numeric" || field.otherCategories.length > 0),
  );
}

/** Values of the longest stretch that the reference's features have been cut into; 0 where no feature has been. */
export function longestVaried(profile: Profile): number {
  return Math.max(0, ...profile.fields.map(({ variety }) => variety?.at(-1)?.rows ?? 0));
}

/** A number at a length of stretch: linear in log(rows) between the curve's lengths, beyond its ends as there. */
export function alongCurve(curve: VarietyCurve, rows: number, of: (point: VarietyCurve[number]) => number): number {
  const above = curve.findIndex((point) => point.rows >= rows);
  if (above === -1) return of(curve.at(-1)!);
  if (above === 0) return of(curve[0]!);
  const [low, high] = [curve[above - 1]!, curve[above]!];
  const part = Math.log(rows / low.rows) / Math.log(high.rows / low.rows);
  return of(low) + part * (of(high) - of(low));
}

/**
 * How far one more block may lie from the mean of k blocks: the prediction interval `t(1 - chance; k - 1) s sqrt(1 + 1/k)`, or the quantile of
 * Gumbel's distribution with the same deviation s where that is more: `s sqrt(6)/pi (-ln(-ln(1 - chance)) - 0.5772)`. Shares of the most frequent value,
 * and numbers of values that come in runs, have the longer tail.
 *
 * @param chance of more, on this side.
 */
export function blockReach(deviation: number, blocks: number, chance: number): number {
  const student = studentQuantile(1 - chance, blocks - 1);
  const gumbel = (Math.sqrt(6) / Math.PI) * (-Math.log(-Math.log1p(-chance)) - EULER);
  return Math.max(student, gumbel) * deviation * Math.sqrt(1 + 1 / blocks);
}
