import type { Profile } from "@tidemark/schema";
import { binOf, countSlices, reconstructionErrors } from "@tidemark/stats";
import type { MultivariateCounts } from "../window-aggregate.ts";
import { correlationsOf } from "./correlations.ts";
import { type BinnedRow, createRowScorer, multivariateModel } from "./multivariate-model.ts";

/**
 * Rows of a window as counts of the profile's joint distribution; null where the profile has none, or there is no row.
 *
 * @param rows of the model's fields, in an order that does not depend on how they came in: sums of doubles follow it.
 */
export function countMultivariate(profile: Profile, rows: readonly BinnedRow[]): MultivariateCounts | null {
  const model = multivariateModel(profile);
  if (model === null || rows.length === 0) return null;
  const { boundaries, fence } = profile.multivariate!.errors;
  const scores = rows.map(createRowScorer(model.fields));
  const errors = reconstructionErrors(model.pca, scores);
  const mean = errors.reduce((sum, error) => sum + error, 0) / rows.length;
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const error of errors) counts[binOf(boundaries, error)]! += 1;
  const correlations = correlationsOf(model.fields.length, scores);
  const slots = new Map<number, number>();
  for (const { slot } of rows) slots.set(slot, (slots.get(slot) ?? 0) + 1);
  return {
    rows: rows.length,
    slots: [...slots].map(([slot, own]) => ({ slot, rows: own })).sort((a, b) => a.slot - b.slot),
    absent: model.fields.filter((_field, j) => scores.every((row) => Number.isNaN(row[j]!))).map(({ name }) => name),
    slices: countSlices(model.slices, scores),
    errors: {
      counts,
      mean,
      standardDeviation: rows.length > 1 ? Math.sqrt(squares / (rows.length - 1)) : 0,
      beyond: errors.filter((error) => error > fence).length,
    },
    correlations: [...correlations.values],
    correlationRows: [...correlations.rows],
  };
}
