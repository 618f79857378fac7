import type { EmbeddingProfile } from "@tidemark/schema";
import { fitVectors, meanDirection, type PlacedVectors, placeVectors, vectorGeometry } from "@tidemark/signals";
import { binOf, exactQuantile } from "@tidemark/stats";
import { type CountedDirection, countAlong } from "./count-along.ts";
import { packFloats } from "./pack-values.ts";
import { periodShifts } from "./period-shifts.ts";
import type { VectorRows } from "./read-vectors.ts";
import { noInflation } from "./variance-inflation.ts";
import type { VectorColumn } from "./vector-column.ts";

/** Rows that centroid and components are fitted on, at most, evenly over time; the others are counted, as every window's rows are new to them. */
const FITTED_ROWS = 5_000;
/** Of a small reference one row in four is fitted, and one in two of the smallest: counts need rows more than directions do. */
const FITTED_OF_FEW = 4;
const FITTED_OF_FEWEST = 2;
/** Rows of either kind without which nothing is said. */
const LEAST_ROWS = 200;
const BINS = 20;
const SEED = 1;
/** Boundaries of directions lie between multiples of it, so that rounding of equal values is on one side. */
const GRID = 1e-5;
/** Lengths that differ by less are one length: vectors were normalised. */
const ONE_LENGTH = 0.01;
const HOURS_A_DAY = 24;
const NO_BIN = -1;

/**
 * What is kept of a column of vectors (docs/embeddings.md). Null where fewer than 200 rows to fit and 200 to count have a direction, or all have the same.
 *
 * @param rows in the order of time, where it is known.
 */
export function referenceEmbedding(
  { name, dimension, missing, rows: present }: VectorColumn,
  { values, hours }: VectorRows,
  isOrdered: boolean,
): EmbeddingProfile | null {
  const few = Math.min(FITTED_OF_FEW, Math.max(FITTED_OF_FEWEST, Math.floor(hours.length / (2 * LEAST_ROWS))));
  const every = Math.max(few, Math.ceil(hours.length / FITTED_ROWS));
  const isCounted = (row: number) => row % every !== 0;
  const fitted = fitVectors(everyRow(values, dimension, every), dimension);
  if (fitted === null || fitted.rows < LEAST_ROWS) return null;
  // As the profile holds them, so that a window's rows are placed by the same bits.
  const components = fitted.components.map((component) => Float64Array.from(Float32Array.from(component)));
  const centroid = Float64Array.from(Float32Array.from(fitted.centroid));
  const geometry = vectorGeometry(centroid, components, SEED);
  const placed = placeVectors(geometry, values);
  const counted = placed.kept.map((_row, at) => at).filter((at) => isCounted(placed.kept[at]!));
  if (counted.length < LEAST_ROWS) return null;
  const count = (own: Float64Array, boundaries = quantileBoundaries(counted.map((at) => own[at]!))) =>
    countRows(own, boundaries, placed, { hours, isCounted, isOrdered });
  const norms = counted.map((at) => placed.norms[at]!);
  const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
  const squares = norms.reduce((sum, norm) => sum + (norm - mean) ** 2, 0);
  return {
    format: "tidemark.embedding/1",
    name,
    dimension,
    states: { ...statesOf(hours.length, placed.kept.length, missing / present) },
    missing: { varianceInflation: noInflation(false) },
    centroid: packFloats(centroid),
    fittedRows: fitted.rows,
    countedCentroid: packFloats(
      meanDirection(
        values,
        counted.map((at) => placed.kept[at]!),
        dimension,
      ),
    ),
    spread: fitted.spread,
    effectiveDimensions: fitted.effectiveDimensions,
    components: packFloats(components.flatMap((component) => [...component])),
    explainedShare: fitted.explainedShare,
    seed: SEED,
    slices: placed.along.map((own) => count(own)),
    norm: {
      ...count(placed.norms, normBoundaries(norms, mean)),
      mean,
      standardDeviation: Math.sqrt(squares / (norms.length - 1)),
    },
    errors: count(placed.errors),
    periods: isOrdered ? periodShifts(values, hours, fitted, dimension) : { hour: null, day: null, week: null },
  };
}

function everyRow(values: Float32Array, dimension: number, every: number): Float32Array {
  const rows = values.length / dimension;
  const chosen = new Float32Array(Math.ceil(rows / every) * dimension);
  for (let row = 0, at = 0; row < rows; row += every, at += dimension) {
    chosen.set(values.subarray(row * dimension, (row + 1) * dimension), at);
  }
  return chosen;
}

/** @param ratio rows without a vector for each with one, of all rows of the reference. */
function statesOf(vectors: number, valid: number, ratio: number): EmbeddingProfile["states"] {
  return { valid, zero: vectors - valid, missing: Math.round(vectors * ratio) };
}

interface CountedRows {
  readonly hours: Int32Array;
  readonly isCounted: (row: number) => boolean;
  readonly isOrdered: boolean;
}

function countRows(
  own: Float64Array,
  boundaries: readonly number[],
  { kept }: PlacedVectors,
  { hours, isCounted, isOrdered }: CountedRows,
): CountedDirection {
  const bins = new Int32Array(hours.length).fill(NO_BIN);
  kept.forEach((row, at) => {
    bins[row] = binOf(boundaries, own[at]!);
  });
  // Seasons are not taken out of vectors: one slot, whose hours, days and weeks differ by what the season does too.
  const hasPeriods = isOrdered && hours.at(-1)! - hours[0]! >= 2 * HOURS_A_DAY;
  const slots = new Int32Array(hours.length);
  const found = countAlong(boundaries, bins, { slots, hours, slotCount: hasPeriods ? 1 : null, isCounted, isOrdered });
  return { ...found, varianceInflation: shortened(found.varianceInflation) };
}

/** Six digits are enough for what is an estimate, and a profile has many of them. */
function shortened<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === "number" ? Number(each.toPrecision(6)) : each,
  );
}

function quantileBoundaries(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const edges = Array.from({ length: BINS - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / BINS));
  return [...new Set(edges.map((edge) => Number((GRID * (Math.floor(edge / GRID) + 0.5)).toFixed(7))))];
}

function normBoundaries(norms: readonly number[], mean: number): number[] {
  const sorted = Float64Array.from(norms).sort();
  const range = exactQuantile(sorted, 0.995) - exactQuantile(sorted, 0.005);
  if (range < 2 * ONE_LENGTH * mean) return [mean * (1 - ONE_LENGTH), mean * (1 + ONE_LENGTH)];
  const edges = Array.from({ length: BINS - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / BINS));
  return [...new Set(edges.map((edge) => Number(edge.toPrecision(6))))];
}
