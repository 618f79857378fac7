import { numberText, percentText } from "../number-text.ts";
import { driftedShares, type FindSuspect, largestBy } from "./cause-context.ts";

/** Share of the rows beyond one end of the reference that no shift of the world makes. */
const NEARLY_ALL = 0.9;

/**
 * A numeric feature of which at least 90 % of the rows lie above everything the reference had, or below it: a change of
 * unit by a factor too large for the bins to tell it (or a default value in place of the real ones, which bins cannot
 * tell from it either; the explanation says so).
 */
export const findBeyondRange: FindSuspect = (of) => {
  const beyond = driftedShares(of).flatMap(({ field, window }) => {
    if (field.kind !== "numeric") return [];
    const above = window.at(-1)!;
    const below = window[0]!;
    return [
      { name: field.name, share: above, where: `above the reference's largest value, ${numberText(field.max)}` },
      { name: field.name, share: below, where: `below the reference's smallest value, ${numberText(field.min)}` },
    ];
  });
  const furthest = largestBy(beyond, ({ share }) => share);
  if (furthest === undefined || furthest.share < NEARLY_ALL) return null;
  return {
    touchedRatio: furthest.share,
    cause: {
      kind: "unit_change",
      target: furthest.name,
      explanation:
        `${percentText(furthest.share)} of the values of ${furthest.name} lie ${furthest.where}: ` +
        "another unit by a large factor, or a default in place of the values.",
    },
  };
};
