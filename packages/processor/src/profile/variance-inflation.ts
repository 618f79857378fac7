import type { ProfileField } from "@tidemark/schema";
import {
  type BinKind,
  createDetectionReference,
  createVarianceLadder,
  detectorEdges,
  mergeByMap,
  probeValues,
  rareBinMap,
} from "@tidemark/stats";

type VariancePair = [number, number];
export type VarianceInflation = ProfileField["varianceInflation"];

/** Rows in the order of time: the fine bin of each, -1 for rows without one, and its season slot. */
export interface BinnedRows {
  readonly bins: Int32Array;
  readonly slots: Int32Array;
}

/** Reference counts of a field, and what its bins are. */
export interface BinnedReference {
  readonly kind: BinKind;
  /** Numeric fields only: what the bins lie between. */
  readonly boundaries: readonly number[];
  readonly counts: readonly number[];
  /** [slot][bin]; null without a season. */
  readonly slots: readonly (readonly number[])[] | null;
}

const INDEPENDENT: VariancePair = [1, 1];

/**
 * Variance inflation of a field, learned from its reference rows in the order of time (DETECTION 5): against the whole
 * reference, and against each row's own season slot, where what the season explains no longer counts.
 */
export function varianceInflation(reference: BinnedReference, rows: BinnedRows): VarianceInflation {
  const overall = probeTable(reference, reference.counts);
  return {
    rows: climb(reference.kind, [overall], { bins: rows.bins, slots: new Int32Array(rows.slots.length) }),
    slots:
      reference.slots === null
        ? null
        : climb(
            reference.kind,
            reference.slots.map((counts) => probeTable(reference, counts)),
            rows,
          ),
  };
}

/** No inflation: for rows whose order is unknown. */
export function noInflation(hasSeason: boolean): VarianceInflation {
  return { rows: [...INDEPENDENT], slots: hasSeason ? [...INDEPENDENT] : null };
}

/** [fine bin][probe] values of the probes of a reference on the detector's own bins. */
function probeTable(reference: BinnedReference, counts: readonly number[]): Float64Array[] {
  const merge = reference.kind === "numeric" ? edgeMerge(reference, counts) : categoryMerge(reference);
  const probes = probeValues(createDetectionReference(mergeByMap(counts, merge), reference.kind));
  return counts.map((_count, bin) => Float64Array.from(probes, (probe) => probe[merge[bin]!]!));
}

function edgeMerge({ boundaries }: BinnedReference, counts: readonly number[]): number[] {
  const edges = detectorEdges(boundaries, counts);
  let bin = 0;
  return counts.map((_count, index) => {
    while (bin < edges.length && index > edges[bin]!) bin++;
    return bin;
  });
}

/** The same bins in every slot, so that all have as many probes. */
function categoryMerge({ counts }: BinnedReference): number[] {
  return rareBinMap(counts, "categorical");
}

function climb(kind: BinKind, tables: readonly (readonly Float64Array[])[], { bins, slots }: BinnedRows): VariancePair {
  const probes = tables[0]?.[0]?.length ?? 0;
  if (probes === 0) return [...INDEPENDENT];
  const ladder = createVarianceLadder(probes, { kind });
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row]!;
    if (bin >= 0) ladder.push(tables[slots[row]!]![bin]!, 1);
  }
  return ladder.estimate(INDEPENDENT, kind);
}
