import { createBucketIndex } from "@tidemark/sketches";
import {
  createDetectionReference,
  createVarianceLadder,
  type Dependence,
  type DetectionReference,
  probeValues,
  rareBinMap,
} from "@tidemark/stats";
import { CATEGORIES, type Stream } from "./streams.ts";

/** A reference made from drawn rows in time order: one for each phase of the season, one alone without a season. */
export interface BinnedReference {
  readonly slots: readonly ReferenceSlot[];
  /** Learned from the rows in time order, each beside its own slot. */
  readonly variance: readonly [number, number];
}

interface ReferenceSlot {
  readonly reference: DetectionReference;
  binOf(value: number): number;
}

const BINS = 20;

/** Phase of a place in the season, [0, 1). */
export function phaseOf({ slots }: BinnedReference, position: number): number {
  return Math.floor(position * slots.length);
}

/** A slot with fewer reference rows would have no verdict. */
const LEAST_SLOT_ROWS = 200;

/**
 * @param next gives the next row's value at a place in the season.
 * @param rows how many, in time order.
 * @param positionOf each row's place in the season, [0, 1).
 */
export function drawReference(
  stream: Stream,
  next: (position: number) => number,
  rows: number,
  positionOf: (row: number) => number,
): BinnedReference {
  const { kind } = stream;
  const phases = (stream.phases ?? [1]).findLast((count) => count * LEAST_SLOT_ROWS <= rows) ?? 1;
  const values = Float64Array.from({ length: rows }, (_, row) => next(positionOf(row)));
  const phase = Uint32Array.from({ length: rows }, (_, row) => Math.floor(positionOf(row) * phases));
  const bins = Array.from({ length: phases }, (_, slot) => {
    const own = phases === 1 ? values : values.filter((_, row) => phase[row] === slot);
    const binOf = kind === "numeric" ? quantileBins(own) : categoryBins(own);
    const counts = new Array<number>(binOf(kind === "numeric" ? Number.POSITIVE_INFINITY : CATEGORIES) + 1).fill(0);
    for (const value of own) counts[binOf(value)]! += 1;
    return { counts, binOf };
  });
  const { variance, rowsPerIndependent } = dependenceOf(stream, values, phase, bins);
  const slots = bins.map(({ counts, binOf }) => ({
    reference: createDetectionReference(counts, kind, rowsPerIndependent),
    binOf,
  }));
  return { slots, variance };
}

interface SlotBins {
  readonly counts: readonly number[];
  binOf(value: number): number;
}

function dependenceOf(
  { kind }: Stream,
  values: Float64Array,
  phase: Uint32Array,
  slots: readonly SlotBins[],
): Dependence {
  const probes = slots.map(({ counts }) => probeValues(createDetectionReference(counts, kind)));
  const count = Math.min(...probes.map((own) => own.length));
  const ladder = createVarianceLadder(count, { kind, bounded: false });
  const sums = new Float64Array(count);
  values.forEach((value, row) => {
    const slot = phase[row]!;
    const bin = slots[slot]!.binOf(value);
    for (let probe = 0; probe < count; probe++) sums[probe] = probes[slot]![probe]![bin]!;
    ladder.push(sums, 1);
  });
  return ladder.dependence(kind);
}

function quantileBins(rows: Float64Array): (value: number) => number {
  const sorted = rows.slice().sort();
  const edges = Array.from({ length: BINS - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / BINS) - 1]!);
  const index = createBucketIndex(Float64Array.from(new Set(edges)));
  return (value) => index.find(value);
}

/** One bin a category and one for the rest, categories 0 to 4 and "never seen" as number 5. */
function categoryBins(rows: Float64Array): (value: number) => number {
  const counts = new Array<number>(CATEGORIES + 1).fill(0);
  for (const category of rows) counts[category]! += 1;
  const map = rareBinMap(counts, "categorical");
  return (category) => map[category]!;
}
