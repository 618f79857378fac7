import { createBucketIndex } from "@tidemark/sketches";
import {
  createDetectionReference,
  createVarianceLadder,
  type DetectionReference,
  probeValues,
  rareBinMap,
} from "@tidemark/stats";
import { CATEGORIES, type Stream } from "./streams.ts";

/** A reference made from drawn rows in time order, and the bin of any later value. */
export interface BinnedReference {
  readonly reference: DetectionReference;
  /** Learned from the rows where the stream's rows depend on each other, else [1, 1]. */
  readonly variance: readonly [number, number];
  binOf(value: number): number;
}

const BINS = 20;

/** @param rows the reference rows in time order. */
export function binReference({ kind, dependent = false }: Stream, rows: Float64Array): BinnedReference {
  const binOf = kind === "numeric" ? quantileBins(rows) : categoryBins(rows);
  const bins = kind === "numeric" ? binOf(Number.POSITIVE_INFINITY) + 1 : binOf(CATEGORIES) + 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of rows) counts[binOf(value)]! += 1;
  const plain = createDetectionReference(counts, kind);
  if (!dependent) return { reference: plain, variance: [1, 1], binOf };
  const probes = probeValues(plain);
  const ladder = createVarianceLadder(probes.length, { kind });
  const sums = new Float64Array(probes.length);
  for (const value of rows) {
    const bin = binOf(value);
    probes.forEach((probe, i) => {
      sums[i] = probe[bin]!;
    });
    ladder.push(sums, 1);
  }
  const variance = ladder.estimate([1, 1], kind);
  const independent = counts.map((count) => count / Math.max(...variance));
  return { reference: createDetectionReference(independent, kind), variance, binOf };
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
