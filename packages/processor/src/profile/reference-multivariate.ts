import type { MultivariateProfile, Profile, ProfileField } from "@tidemark/schema";
import { type FittedMultivariate, fitMultivariate, jointFields } from "@tidemark/signals";
import { binOf, exactQuantile, reconstructionErrors, sliceBins } from "@tidemark/stats";
import { type CountedDirection, countAlong } from "./count-along.ts";
import { referencePairs } from "./reference-pairs.ts";
import { createReferenceScores, type ScoreRow } from "./reference-scores.ts";
import type { RowCells } from "./row-cells.ts";

/**
 * Rows that components, directions and boundaries are fitted on, at most, evenly over time. The others are counted: components lie
 * closer to the rows they were fitted on than to any others, and every window would look further away.
 */
const FITTED_ROWS = 20_000;
/** Of which half are fitted. */
const LEAST_ROWS = 400;
const LEAST_ROWS_A_FEATURE = 20;
const BATCH_ROWS = 4_096;
const ERROR_BINS = 20;
/** Interquartile ranges beyond the third quartile: Tukey's inner fence, as distances have one tail alone, and that a short one. */
const REACH = 1.5;

/** The joint distribution of the reference's features; null with fewer than two that vary, or fewer than 400 rows or 20 a feature. */
export function referenceMultivariate(
  fields: readonly ProfileField[],
  { season, importances }: Pick<Profile, "season" | "importances">,
  cells: RowCells,
  isOrdered: boolean,
): MultivariateProfile | null {
  const joint = jointFields(fields, importances);
  if (joint.length < 2 || cells.rows < Math.max(LEAST_ROWS, LEAST_ROWS_A_FEATURE * joint.length)) return null;
  const columns = joint.map((field) => cells.cells[fields.indexOf(field)]!);
  const scoreRow = createReferenceScores(joint, columns, cells, season !== null);
  const every = Math.max(2, Math.ceil(cells.rows / FITTED_ROWS));
  const isCounted = (row: number) => row % every !== 0;
  const fittedRows = Array.from({ length: Math.ceil(cells.rows / every) }, (_, i) => i * every);
  const fitted = fitMultivariate(fittedRows.map(scoreRow));
  const placed = placeRows(fitted, cells.rows, scoreRow);
  const slotCount = season?.slotCount ?? null;
  const directionRows = { slots: cells.slots, hours: cells.hours, slotCount, isCounted, isOrdered };
  const counted = (boundaries: readonly number[], bins: Uint8Array) => countAlong(boundaries, bins, directionRows);
  return {
    format: "tidemark.multivariate/2",
    features: joint.map(({ name }) => name),
    scale: { means: [...fitted.pca.scale.means], deviations: [...fitted.pca.scale.deviations] },
    components: fitted.pca.components.map((component) => [...component]),
    explainedShare: fitted.pca.explainedShare,
    errors: describeErrors(placed.errors, isCounted, counted),
    slices: fitted.slices.map(({ direction, boundaries }, slice) => ({
      direction: [...direction],
      ...counted(boundaries, placed.bins[slice]!),
    })),
    correlations: [...fitted.correlations],
    pairs: referencePairs(joint, fitted.correlations, cells, scoreRow, isOrdered),
  };
}

/** Every row's distance from its reconstruction, and its bin along every direction. */
function placeRows(
  { pca, slices }: FittedMultivariate,
  rows: number,
  scoreRow: ScoreRow,
): { errors: Float64Array; bins: Uint8Array[] } {
  const errors = new Float64Array(rows);
  const bins = slices.map(() => new Uint8Array(rows));
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const batch = Array.from({ length: Math.min(BATCH_ROWS, rows - from) }, (_, i) => scoreRow(from + i));
    errors.set(reconstructionErrors(pca, batch), from);
    sliceBins({ scale: pca.scale, slices }, batch).forEach((own, slice) => {
      bins[slice]!.set(own, from);
    });
  }
  return { errors, bins };
}

function describeErrors(
  errors: Float64Array,
  isCounted: (row: number) => boolean,
  count: (boundaries: readonly number[], bins: Uint8Array) => CountedDirection,
): MultivariateProfile["errors"] {
  const used = errors.filter((_error, row) => isCounted(row)).sort();
  const quantile = (p: number) => exactQuantile(used, p);
  const edges = Array.from({ length: ERROR_BINS - 1 }, (_, k) => quantile((k + 1) / ERROR_BINS));
  const boundaries = [...new Set(edges)];
  const fence = quantile(0.75) + REACH * (quantile(0.75) - quantile(0.25));
  const mean = used.reduce((sum, error) => sum + error, 0) / used.length;
  const squares = used.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  const bins = Uint8Array.from(errors, (error) => binOf(boundaries, error));
  return {
    ...count(boundaries, bins),
    mean,
    standardDeviation: Math.sqrt(squares / (used.length - 1)),
    fence,
    beyond: used.filter((error) => error > fence).length,
  };
}
