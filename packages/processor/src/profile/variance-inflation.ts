import type { ProfileField } from "@tidemark/schema";
import {
  type BinKind,
  createDetectionReference,
  createVarianceLadder,
  detectorEdges,
  mergeByMap,
  type PeriodSums,
  periodVariance,
  probeValues,
  rareBinMap,
  type VarianceLadder,
} from "@tidemark/stats";

type VariancePair = [number, number];
export type VarianceInflation = ProfileField["varianceInflation"];

/** Rows in the order of time: the fine bin of each, -1 for rows without one, and its season slot. */
export interface BinnedRows {
  readonly bins: Int32Array;
  readonly slots: Int32Array;
  /** Hours since 1970. */
  readonly hours: Int32Array;
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
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;
/** Hours from a Monday, 00:00 UTC, to 1970. */
const MONDAY_OFFSET = 72;

/**
 * Variance inflation of a field, learned from its reference rows in the order of time (DETECTION 5): against the whole
 * reference, and against each row's own season slot, where what the season explains no longer counts. With a season also
 * what hours, days and weeks differ by, which no number of rows within them averages out.
 */
export function varianceInflation(reference: BinnedReference, rows: BinnedRows): VarianceInflation {
  const { kind } = reference;
  const whole = climb(kind, [probeTable(reference, reference.counts)], {
    ...rows,
    slots: new Int32Array(rows.slots.length),
  });
  const { variance, rowsPerIndependent } = whole.dependence(kind);
  if (reference.slots === null)
    return { rows: variance, slots: null, rowsPerIndependent: { rows: rowsPerIndependent, slots: null } };
  const tables = reference.slots.map((counts) => probeTable(reference, counts));
  const weeks = Math.max(2, Math.round(((rows.hours.at(-1) ?? 0) - (rows.hours[0] ?? 0) + 1) / HOURS_A_WEEK));
  // One slot is no season: it follows a period's rows no more than all the others'.
  const seasons = tables.length === 1 ? Number.POSITIVE_INFINITY : weeks;
  const ladder = climb(kind, tables, rows);
  const slots = ladder.dependence(kind, seasons);
  const between = (periodOf: (hour: number) => number): VariancePair => {
    const periods = periodSums(tables, rows, periodOf);
    return [...periodVariance(periods, kind, tables.length === 1 ? Math.max(2, periods.length) : seasons)];
  };
  const hoursSeen = new Set(rows.hours).size;
  return {
    rows: variance,
    slots: slots.variance,
    rowsPerIndependent: { rows: rowsPerIndependent, slots: slots.rowsPerIndependent },
    periods: {
      withinHour:
        Math.max(...slots.variance) === 1
          ? [...INDEPENDENT]
          : ladder.estimate(INDEPENDENT, kind, rows.hours.length / hoursSeen),
      hour: between((hour) => hour),
      day: between((hour) => Math.floor(hour / HOURS_A_DAY)),
      week: between((hour) => Math.floor((hour + MONDAY_OFFSET) / HOURS_A_WEEK)),
    },
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

function climb(
  kind: BinKind,
  tables: readonly (readonly Float64Array[])[],
  { bins, slots }: BinnedRows,
): VarianceLadder {
  const ladder = createVarianceLadder(tables[0]![0]!.length, { kind, bounded: false });
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row]!;
    if (bin >= 0) ladder.push(tables[slots[row]!]![bin]!, 1);
  }
  return ladder;
}

/** Sums of the probes by period, rows without a bin left out. */
function periodSums(
  tables: readonly (readonly Float64Array[])[],
  { bins, slots, hours }: BinnedRows,
  periodOf: (hour: number) => number,
): PeriodSums[] {
  const periods = new Map<number, { sums: Float64Array; rows: number }>();
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row]!;
    if (bin < 0) continue;
    const period = periodOf(hours[row]!);
    const probes = tables[slots[row]!]![bin]!;
    let own = periods.get(period);
    if (own === undefined) {
      own = { sums: new Float64Array(probes.length), rows: 0 };
      periods.set(period, own);
    }
    own.rows += 1;
    for (let probe = 0; probe < probes.length; probe++) own.sums[probe]! += probes[probe]!;
  }
  return [...periods.values()];
}
