import type { ProfileField } from "@tidemark/schema";
import { normalQuantile } from "@tidemark/stats";
import { slotRows, totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS } from "../minimum-rows.ts";

/** Where values stand among those of a reference, by fine bin. */
interface BinPlaces {
  /** Share of the values below the bin. */
  readonly from: Float64Array;
  /** Share in it. */
  readonly width: Float64Array;
  /** Score of its middle. */
  readonly middle: Float64Array;
}

const known = new WeakMap<ProfileField, Map<number, BinPlaces>>();
/** Share of the values from which on a bin is a point where many rows stand; a quantile of numbers is not. */
const MANY = 0.02;
/** Stands for the whole reference. */
const NO_SLOT = -1;

/**
 * Makes normal scores (van der Waerden) of values of one field in one season slot: where a value stands among the reference's values,
 * as a standard normal would have it,
 *
 *     z = Phi^-1((rows below the bin + u rows in it + 1/2) / (rows + 1)).
 *
 * Numbers stand in their order, categories in that of their frequency; values of a bin with more than 2 % of all stand evenly over it, by
 * `u` (the randomized distributional transform), others at its middle. Were those in the middle too, half of the rows of a feature with few
 * values would stand at one point, another one in each slot and in each estimate of it, and rows that nothing happened to would look as if moved.
 * Tails and units are out of the scores, and so is what a season does to a single feature: a reference's have mean 0 and variance 1 in every slot.
 *
 * @param slot season slot; one with fewer than `leastRows` reference values (200), or no season, is scored by the whole reference.
 * @returns the score of a bin and a `u` in [0, 1); its table is made once a field and slot.
 * Source: B. L. van der Waerden, Indagationes Mathematicae 14 (1952); L. Rueschendorf, J. Statist. Plann. Inference 139 (2009).
 */
export function featureScorer(
  field: ProfileField,
  slot: number,
  leastRows = MINIMUM_REFERENCE_ROWS,
): (bin: number, u: number) => number {
  const { from, width, middle } = placesOf(field, slot, leastRows);
  return (bin, u) => (width[bin]! > MANY ? normalQuantile(from[bin]! + u * width[bin]!) : middle[bin]!);
}

function placesOf(field: ProfileField, slot: number, leastRows: number): BinPlaces {
  const slots = field.slots;
  const counts = slots === null || slotRows(field, slot) < leastRows ? field.counts : slots[slot]!;
  const place = counts === field.counts ? NO_SLOT : slot;
  let places = known.get(field);
  if (places === undefined) {
    places = new Map();
    known.set(field, places);
  }
  let own = places.get(place);
  if (own === undefined) {
    own = binPlaces(counts);
    places.set(place, own);
  }
  return own;
}

function binPlaces(counts: readonly number[]): BinPlaces {
  const rows = totalOf(counts);
  let below = 0;
  const from = Float64Array.from(counts, (count) => {
    const place = (below + 0.5) / (rows + 1);
    below += count;
    return place;
  });
  const width = Float64Array.from(counts, (count) => count / (rows + 1));
  return { from, width, middle: from.map((place, bin) => normalQuantile(place + width[bin]! / 2)) };
}
