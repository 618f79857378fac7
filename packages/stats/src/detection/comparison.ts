import type { BinKind, DetectionReference } from "./detection-reference.ts";
import type { WindowPart } from "./judge-window.ts";
import { binsByProbability } from "./probes.ts";

/** A window beside its reference on common bins, then on groups of them that hold enough rows for a normal approximation. */
export interface Comparison {
  readonly rows: number;
  /** The reference's own size: the sum of its smoothed counts. */
  readonly referenceTotal: number;
  /** Shares of the window and of the reference by group. */
  readonly windowShares: Float64Array;
  readonly referenceShares: Float64Array;
}

interface Bins {
  readonly kind: BinKind;
  readonly counts: ArrayLike<number>;
  readonly smoothedCounts: Float64Array;
  readonly smoothedTotal: number;
  readonly probabilities: Float64Array;
}

const MIN_ROWS_A_GROUP = 5;
const MIN_SHARE_A_GROUP = 1 / 40;

/**
 * Groups the bins of a window and its reference: in order (categorical: by falling reference share), closing a group when
 * its pooled share reaches max(5/n, 1/40); what is left joins the last group (DETECTION 3).
 *
 * Several parts without an `overall` one are first added bin by bin; their reference is then the mixture of theirs,
 * weighted by the window's rows.
 *
 * @throws RangeError where several parts have different numbers of bins.
 */
export function compareOnGroups(parts: readonly WindowPart[], overall: WindowPart | undefined): Comparison {
  const single = overall ?? (parts.length === 1 ? parts[0] : undefined);
  const bins = single === undefined ? addedParts(parts) : { ...binsOf(single.reference), counts: single.counts };
  const { counts, smoothedCounts, smoothedTotal, probabilities } = bins;
  const rows = sumOf(counts);
  const order = bins.kind === "numeric" ? probabilities.keys() : binsByProbability(probabilities);
  const least = Math.max(MIN_ROWS_A_GROUP / rows, MIN_SHARE_A_GROUP);
  const windowShares: number[] = [];
  const referenceShares: number[] = [];
  let pooled = 0;
  let count = 0;
  let share = 0;
  for (const bin of order) {
    pooled += (counts[bin]! + smoothedCounts[bin]!) / (rows + smoothedTotal);
    count += counts[bin]!;
    share += probabilities[bin]!;
    if (pooled >= least) {
      windowShares.push(count / rows);
      referenceShares.push(share);
      pooled = count = share = 0;
    }
  }
  if (pooled > 0 && windowShares.length > 0) {
    windowShares[windowShares.length - 1]! += count / rows;
    referenceShares[referenceShares.length - 1]! += share;
  } else if (pooled > 0) {
    windowShares.push(count / rows);
    referenceShares.push(share);
  }
  return {
    rows,
    referenceTotal: smoothedTotal,
    windowShares: Float64Array.from(windowShares),
    referenceShares: Float64Array.from(referenceShares),
  };
}

function binsOf({ kind, smoothedCounts, smoothedTotal, probabilities }: DetectionReference): Omit<Bins, "counts"> {
  return { kind, smoothedCounts, smoothedTotal, probabilities };
}

/** The mixture's size is the number of rows that gives it the sampling error it has: 1 / sum (n_s / n)^2 / N_s. */
function addedParts(parts: readonly WindowPart[]): Bins {
  const { kind, binCount } = parts[0]!.reference;
  const differing = parts.find((part) => part.reference.binCount !== binCount);
  if (differing !== undefined) {
    throw new RangeError(
      `parts have ${binCount} and ${differing.reference.binCount} bins; give \`overall\`, the whole window on common bins`,
    );
  }
  const counts = new Float64Array(binCount);
  const probabilities = new Float64Array(binCount);
  const rows = parts.reduce((sum, part) => sum + sumOf(part.counts), 0);
  let error = 0;
  for (const { reference, counts: own } of parts) {
    const share = sumOf(own) / rows;
    error += share ** 2 / reference.smoothedTotal;
    for (let bin = 0; bin < binCount; bin++) {
      counts[bin]! += own[bin]!;
      probabilities[bin]! += share * reference.probabilities[bin]!;
    }
  }
  const smoothedTotal = 1 / error;
  return { kind, counts, probabilities, smoothedTotal, smoothedCounts: probabilities.map((p) => p * smoothedTotal) };
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin]!;
  return sum;
}
