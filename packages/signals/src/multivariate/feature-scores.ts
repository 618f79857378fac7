import type { ProfileField } from "@tidemark/schema";
import { normalQuantile } from "@tidemark/stats";
import { slotRows, totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS } from "../minimum-rows.ts";

const known = new WeakMap<ProfileField, Map<number, Float64Array>>();
/** Stands for the whole reference. */
const NO_SLOT = -1;

/**
 * Normal scores (van der Waerden) of a field's fine bins: where a value stands among the reference's values of the same season slot,
 * as a standard normal would have it,
 *
 *     z_b = Phi^-1((rows below b + rows in b / 2 + 1/2) / (rows + 1)).
 *
 * Numbers stand in their order, categories in that of their frequency. Tails and units are out of it, and so is what a season
 * does to a single feature: a reference's scores have mean 0 and, without ties, variance 1 in every slot.
 *
 * @param slot season slot; one with fewer than `leastRows` reference values (200), or no season, is scored by the whole reference.
 * @returns by fine bin; cached.
 * Source: B. L. van der Waerden, Indagationes Mathematicae 14 (1952).
 */
export function featureScores(field: ProfileField, slot: number, leastRows = MINIMUM_REFERENCE_ROWS): Float64Array {
  const slots = field.slots;
  const counts = slots === null || slotRows(field, slot) < leastRows ? field.counts : slots[slot]!;
  const place = counts === field.counts ? NO_SLOT : slot;
  let scores = known.get(field);
  if (scores === undefined) {
    scores = new Map();
    known.set(field, scores);
  }
  let own = scores.get(place);
  if (own === undefined) {
    own = normalScores(counts);
    scores.set(place, own);
  }
  return own;
}

function normalScores(counts: readonly number[]): Float64Array {
  const rows = totalOf(counts);
  let below = 0;
  return Float64Array.from(counts, (count) => {
    const place = (below + count / 2 + 0.5) / (rows + 1);
    below += count;
    return normalQuantile(place);
  });
}
