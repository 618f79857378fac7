import type { CategoricalField, InputValue, NumericField, Profile } from "@tidemark/schema";
import { numberText, percentText } from "../number-text.ts";

/** An input that the reference seldom had. */
export interface UnusualInput {
  readonly feature: string;
  readonly value: InputValue;
  /** Share of the reference's rows that are as far out, or have the value; 0 where none. */
  readonly share: number;
  /** In a sentence. */
  readonly reason: string;
}

/** Share of the reference below which a value is called unusual. */
const RARE = 0.01;

/**
 * What is unusual about a prediction's inputs beside the reference, the rarest first. Numbers: the share of reference values in the
 * value's bin and further out on its side; texts: the share of their category; missing: the share of missing values. Below 1 %.
 * Inputs that the profile does not have are left out.
 */
export function unusualInputs(profile: Profile, inputs: Readonly<Record<string, InputValue>>): UnusualInput[] {
  return profile.fields
    .flatMap((field) => {
      const value = inputs[field.name];
      if (field.target !== "feature" || value === undefined) return [];
      const found = rarityOf(field, value);
      return found.share < RARE ? [{ feature: field.name, value, ...found }] : [];
    })
    .sort((a, b) => a.share - b.share || (a.feature < b.feature ? -1 : 1));
}

interface Rarity {
  readonly share: number;
  readonly reason: string;
}

function rarityOf(field: NumericField | CategoricalField, value: InputValue): Rarity {
  const rows = Object.values(field.states).reduce((sum, count) => sum + count, 0);
  if (value === null || value === "") {
    const share = rows === 0 ? 0 : field.states.missing / rows;
    return { share, reason: `missing, as in ${percentText(share)} of the reference` };
  }
  return field.kind === "numeric" ? rarityOfNumber(field, value) : rarityOfCategory(field, String(value), rows);
}

function rarityOfNumber({ boundaries, counts, min, max }: NumericField, value: InputValue): Rarity {
  if (typeof value !== "number") return { share: 0, reason: "no number" };
  if (value < min || value > max) {
    return { share: 0, reason: `outside of ${numberText(min)} to ${numberText(max)}, which the reference had` };
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bin = boundaries.filter((boundary) => boundary < value).length;
  const below = counts.slice(0, bin + 1).reduce((sum, count) => sum + count, 0) / total;
  const above = counts.slice(bin).reduce((sum, count) => sum + count, 0) / total;
  const [share, side] = below < above ? [below, "at most"] : [above, "at least"];
  return { share, reason: `${percentText(share)} of the reference are ${side} about as large` };
}

function rarityOfCategory(
  { categories, counts, otherCategories }: CategoricalField,
  value: string,
  rows: number,
): Rarity {
  const at = categories.indexOf(value);
  if (at >= 0) {
    const share = rows === 0 ? 0 : counts[at]! / rows;
    return { share, reason: `${percentText(share)} of the reference have this value` };
  }
  if (!otherCategories.includes(value)) return { share: 0, reason: "never seen in the reference" };
  const share = rows === 0 ? 0 : counts.at(-1)! / rows / Math.max(1, otherCategories.length);
  return { share, reason: "one of the reference's rare values" };
}
