import {
  type ClassifiedRows,
  type ConfusionLayout,
  type ConfusionMetric,
  type ConfusionMetrics,
  confusionCells,
  confusionMetricNames,
  confusionMetrics,
  confusionShares,
  confusionVariances,
  countConfusion,
  expectedConfusion,
  rowsByCell,
} from "./confusion-cells.ts";
import {
  type BackTestedEstimate,
  type Expert,
  type ExpertValues,
  estimateMetric,
  MAX_HISTORY,
  type MetricEstimate,
  type PastEstimate,
} from "./estimate-metric.ts";
import { discounts, lastTruths } from "./matured-window.ts";
import type { WindowDomain } from "./window-domain.ts";

/** Rows of a model of several classes, with the outcome model's probability that each prediction is right; null where there is no model. */
export interface ConfusionRows extends ClassifiedRows {
  readonly right: Float64Array | null;
}

/** The reference of a model of several classes. */
export interface ConfusionReference {
  readonly layout: ConfusionLayout;
  /** All rows of the reference: counts[cell * classes + outcome]. */
  readonly counts: Float64Array;
  readonly shares: Float64Array;
  /** A sample of it in order of time: its cells and its outcomes. */
  readonly cells: Uint16Array;
  readonly outcomes: Uint8Array;
  /** Mean of the outcome model's probability by cell of the sample; null where there is no model. */
  readonly right: Float64Array | null;
  readonly blocks: readonly ConfusionBlock[];
}

/** A stretch of the reference, estimated from the rest of it. */
interface ConfusionBlock {
  readonly truth: ConfusionMetrics;
  readonly estimate: ConfusionMetrics;
  readonly variances: ConfusionMetrics;
}

export interface WindowConfusion {
  readonly metrics: Readonly<Record<ConfusionMetric, MetricEstimate>>;
  /** Expected outcomes of the rarest class. */
  readonly fewest: number;
}

/** What the outcomes of a window said once enough were known. */
export interface ConfusionOutcomes {
  readonly truth: ConfusionMetrics;
  /** counts[cell * classes + outcome] */
  readonly counts: ArrayLike<number>;
}

export interface MaturedConfusion extends ConfusionOutcomes {
  readonly estimate: Readonly<Record<ConfusionMetric, BackTestedEstimate>>;
}

const BLOCKS = 10;
const MIN_BLOCK_ROWS = 100;
/** Pseudo-rows of the reference in the shares of recent windows. */
const REFERENCE_ROWS = 2;

/**
 * @param counts of all rows of the reference (countConfusion).
 * @param sample rows of it in order of time, with the index of the class that came true.
 */
export function createConfusionReference(
  layout: ConfusionLayout,
  counts: Float64Array,
  sample: ConfusionRows & { readonly outcomes: Uint8Array },
): ConfusionReference {
  const cells = confusionCells(layout, sample);
  const { outcomes } = sample;
  const right = sample.right === null ? null : meanByCell(layout, cells, sample.right);
  const shares = confusionShares(layout, counts);
  return { layout, counts, shares, cells, outcomes, right, blocks: estimateBlocks(layout, cells, outcomes) };
}

/**
 * Estimates the confusion matrix of a window of several classes without its outcomes, and its scores. What comes true of the rows of each
 * score bin of each predicted class is taken from the reference (`calibrated`), from the reference weighted to look like the window
 * (`weighted`), and from the reference moved by what the outcome model sees of the window's inputs (`outcome_model`); the blend is their mean.
 * Once windows have matured these experts, the confusion of recent windows and the last known values are weighed by their record, as for two
 * classes (ESTIMATION 1.4-1.7). Assumes that the relation of outcome to features is the reference's, as far as matured windows do not show otherwise.
 *
 * @param window at least two rows. @param history matured windows in the order in which they matured.
 * Cost: O(rows), and O(classes^4) for the intervals: 20 classes at most.
 */
export function estimateConfusion(
  reference: ConfusionReference,
  window: ConfusionRows,
  domain: WindowDomain,
  history: readonly MaturedConfusion[],
): WindowConfusion {
  const { layout } = reference;
  const matured = history.slice(-MAX_HISTORY);
  const cells = confusionCells(layout, window);
  const rows = rowsByCell(layout, cells);
  const metricsOf = (shares: ArrayLike<number>) =>
    confusionMetrics(expectedConfusion(layout, rows, shares), layout.classes);
  const calibrated = metricsOf(reference.shares);
  const weighted = domain.hasOverlap ? metricsOf(weightedShares(reference, domain)) : null;
  const modelled =
    window.right === null || reference.right === null
      ? null
      : metricsOf(movedShares(reference, meanByCell(layout, cells, window.right)));
  const parts = [calibrated, weighted, modelled].filter((part) => part !== null);
  const recent = (halfLife: number) => recentShares(reference, matured, halfLife);
  const at = matured.length > 0 ? recent(4) : reference.shares;
  const hasRecord = matured.length > 0;
  const experts: Record<Expert, ConfusionMetrics> = {
    blend: byMetric((metric) => parts.reduce((sum, part) => sum + part[metric], 0) / parts.length),
    calibrated,
    weighted: weighted ?? calibrated,
    outcome_model: modelled ?? calibrated,
    recent_4: hasRecord ? metricsOf(at) : calibrated,
    recent_1: hasRecord ? metricsOf(recent(1)) : calibrated,
    corrected: modelled ?? calibrated,
    last_1: lastTruths(matured, 0, calibrated),
    last_4: lastTruths(matured, 4, calibrated),
  };
  const variances = confusionVariances(layout, rows, at, rowsOfCounts(layout, reference.counts));
  const metrics = byMetric((metric) =>
    estimateMetric({
      experts: mapExperts(experts, (values) => values[metric]),
      ...variances[metric],
      reference: reference.blocks.map((block) => recordOf(block, metric)),
      matured: matured.map(({ truth, estimate }) => ({ truth: truth[metric], estimate: estimate[metric] })),
      range: [metric === "matthews" || metric === "kappa" ? -1 : 0, 1],
    }),
  );
  const expected = expectedConfusion(layout, rows, at);
  const byClass = Array.from({ length: layout.classes }, (_, outcome) =>
    expected.slice(outcome * layout.classes, (outcome + 1) * layout.classes).reduce((sum, n) => sum + n, 0),
  );
  return { metrics, fewest: Math.min(...byClass) };
}

/** The scores and the counts of rows whose outcome is known. */
export function readConfusion(
  { layout }: ConfusionReference,
  rows: ClassifiedRows,
  outcomes: ArrayLike<number>,
): ConfusionOutcomes {
  const counts = countConfusion(layout, confusionCells(layout, rows), outcomes);
  return { truth: metricsOfCounts(layout, counts), counts };
}

/** What the weights change on the sample is put on the shares of all rows, so that the sample's noise cancels. */
function weightedShares(reference: ConfusionReference, { places, weights }: WindowDomain): Float64Array {
  const { layout, shares } = reference;
  const cells = places.map((i) => reference.cells[i]!);
  const outcomes = places.map((i) => reference.outcomes[i]!);
  const changed = confusionShares(layout, countConfusion(layout, cells, outcomes, weights));
  const plain = confusionShares(layout, countConfusion(layout, cells, outcomes));
  return normalized(
    layout,
    shares.map((share, at) => Math.max(0, share + changed[at]! - plain[at]!)),
  );
}

/** Shares in which the prediction is right as much more often as the outcome model expects of the window's rows of the cell. */
function movedShares({ layout, shares, right }: ConfusionReference, now: Float64Array): Float64Array {
  const { classes } = layout;
  const moved = Float64Array.from(shares);
  for (let cell = 0; cell < now.length; cell++) {
    const predicted = Math.floor((cell * classes) / now.length);
    const change = now[cell]! - right![cell]!;
    if (!Number.isFinite(change)) continue;
    const own = cell * classes + predicted;
    const target = Math.min(1, Math.max(0, shares[own]! + change));
    const rest = shares[own]! < 1 ? (1 - target) / (1 - shares[own]!) : 0;
    for (let outcome = 0; outcome < classes; outcome++) moved[cell * classes + outcome]! *= rest;
    moved[own] = target;
  }
  return normalized(layout, moved);
}

function recentShares(
  { layout, shares }: ConfusionReference,
  matured: readonly ConfusionOutcomes[],
  halfLife: number,
): Float64Array {
  const sums = new Float64Array(shares.length);
  discounts(matured.length, halfLife).forEach((discount, j) => {
    const { counts } = matured[j]!;
    for (let at = 0; at < sums.length; at++) sums[at]! += discount * counts[at]!;
  });
  return confusionShares(layout, sums, { shares, rows: REFERENCE_ROWS });
}

function estimateBlocks(layout: ConfusionLayout, cells: Uint16Array, outcomes: Uint8Array): ConfusionBlock[] {
  const count = Math.min(BLOCKS, Math.floor(cells.length / MIN_BLOCK_ROWS));
  if (count < 2) return [];
  const all = countConfusion(layout, cells, outcomes);
  return Array.from({ length: count }, (_, block) => {
    const [from, to] = [block, block + 1].map((k) => Math.ceil((k * cells.length) / count));
    const own = cells.subarray(from, to);
    const counts = countConfusion(layout, own, outcomes.subarray(from, to));
    const others = all.map((n, at) => n - counts[at]!);
    const shares = confusionShares(layout, others);
    const rows = rowsByCell(layout, own);
    const variances = confusionVariances(layout, rows, shares, rowsOfCounts(layout, others));
    return {
      truth: metricsOfCounts(layout, counts),
      estimate: confusionMetrics(expectedConfusion(layout, rows, shares), layout.classes),
      variances: byMetric((metric) => variances[metric].sampling + variances[metric].calibration),
    };
  });
}

function recordOf({ truth, estimate, variances }: ConfusionBlock, metric: ConfusionMetric): PastEstimate {
  const value = estimate[metric];
  const experts = mapExperts(NOTHING, () => value);
  return { truth: truth[metric], estimate: { value, knownVariance: variances[metric], experts } };
}

const NOTHING: Readonly<Record<Expert, null>> = {
  blend: null,
  calibrated: null,
  weighted: null,
  outcome_model: null,
  recent_4: null,
  recent_1: null,
  corrected: null,
  last_1: null,
  last_4: null,
};

function mapExperts<T>(experts: Readonly<Record<Expert, T>>, value: (of: T) => number): ExpertValues {
  return Object.fromEntries(Object.entries(experts).map(([name, of]) => [name, value(of)])) as Record<Expert, number>;
}

function byMetric<T>(value: (metric: ConfusionMetric) => T): Record<ConfusionMetric, T> {
  return Object.fromEntries(confusionMetricNames.map((metric) => [metric, value(metric)])) as Record<
    ConfusionMetric,
    T
  >;
}

function metricsOfCounts(layout: ConfusionLayout, counts: Float64Array): ConfusionMetrics {
  const rows = rowsOfCounts(layout, counts);
  const shares = counts.map((n, at) => (n > 0 ? n / rows[Math.floor(at / layout.classes)]! : 0));
  return confusionMetrics(expectedConfusion(layout, rows, shares), layout.classes);
}

function rowsOfCounts({ classes }: ConfusionLayout, counts: Float64Array): Float64Array {
  const rows = new Float64Array(counts.length / classes);
  for (let at = 0; at < counts.length; at++) rows[Math.floor(at / classes)]! += counts[at]!;
  return rows;
}

/** NaN for a cell without rows. */
function meanByCell(layout: ConfusionLayout, cells: ArrayLike<number>, values: Float64Array): Float64Array {
  const rows = rowsByCell(layout, cells);
  const sums = new Float64Array(rows.length);
  for (let i = 0; i < cells.length; i++) sums[cells[i]!]! += values[i]!;
  return sums.map((sum, cell) => sum / rows[cell]!);
}

function normalized({ classes }: ConfusionLayout, shares: Float64Array): Float64Array {
  for (let first = 0; first < shares.length; first += classes) {
    let total = 0;
    for (let at = first; at < first + classes; at++) total += shares[at]!;
    for (let at = first; at < first + classes; at++) shares[at]! /= total;
  }
  return shares;
}
