import type { BinShares, ProfileField } from "@tidemark/schema";
import { mergeByEdges } from "@tidemark/stats";
import { totalOf } from "../field-of.ts";
import { numberText } from "../number-text.ts";
import type { ComparedCounts } from "./seasonal-reference.ts";

/** Bins of a picture. */
const MAX_BINS = 20;

/**
 * Shares by bin for a picture, the window's beside the reference's: a numeric field on its detector bins, a
 * categorical one on its most frequent categories with the rest as `other`. At most 20 bins; null without a row.
 */
export function binShares(field: ProfileField, compared: ComparedCounts): BinShares | null {
  const windowRows = totalOf(compared.window);
  const referenceRows = totalOf(compared.reference);
  if (windowRows === 0 || referenceRows === 0) return null;
  const { labels, merge } = field.kind === "numeric" ? numericBins(field) : categoricalBins(field);
  return {
    labels,
    window: merge(compared.window).map((count) => count / windowRows),
    reference: merge(compared.reference).map((count) => count / referenceRows),
  };
}

interface PictureBins {
  readonly labels: string[];
  merge(counts: readonly number[]): number[];
}

function numericBins(field: Extract<ProfileField, { kind: "numeric" }>): PictureBins {
  const edges = field.detectorEdges.slice(0, MAX_BINS - 1);
  const uppers = edges.map((edge) => numberText(field.boundaries[edge]!));
  const labels = [...uppers.map((upper) => `≤ ${upper}`), uppers.length === 0 ? "all" : `> ${uppers.at(-1)}`];
  return { labels, merge: (counts) => mergeByEdges(counts, edges) };
}

function categoricalBins(field: Extract<ProfileField, { kind: "categorical" }>): PictureBins {
  const named = Math.min(field.categories.length, MAX_BINS - 1);
  return {
    labels: [...field.categories.slice(0, named), "other"],
    merge: (counts) => [...counts.slice(0, named), totalOf(counts.slice(named))],
  };
}
