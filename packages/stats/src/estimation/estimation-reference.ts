import { type CalibratedCells, calibrateCells } from "./calibrate-cells.ts";
import {
  cellMetrics,
  cellMetricVariances,
  type EstimatedMetric,
  estimatedMetrics,
  type ScoreCells,
} from "./cell-metrics.ts";
import {
  designEdges,
  designRows,
  type EstimationRows,
  type LabelledEstimationRows,
  pickRows,
} from "./estimation-rows.ts";
import { fitOutcomeModel, predictOutcomes } from "./outcome-model.ts";
import { realizedMetrics } from "./realized-metrics.ts";
import type { CodedRows } from "./ridge-regression.ts";
import { cellPriors, cellShares, labelSums, type ScoredRows, scoreCells, scoreEdges } from "./score-cells.ts";

export type MetricValues = Readonly<Record<EstimatedMetric, number>>;

/** A stretch of the reference, estimated from the rest of it: the record before any window has matured. */
export interface ReferenceBlock {
  readonly truth: MetricValues;
  readonly calibrated: MetricValues;
  readonly outcomeModel: MetricValues | null;
  /** Sampling and calibration variance of the calibrated estimate. */
  readonly variances: MetricValues;
}

/** The whole reference by score cell: plain numbers, whatever its size. */
export interface ReferenceCells {
  readonly edges: readonly number[];
  /** Mean score of each cell. */
  readonly priors: readonly number[];
  readonly weight: readonly number[];
  readonly positive: readonly number[];
  /** The metrics on all rows. */
  readonly truth: MetricValues;
  /** Exact value less cell value, for the metrics that lose by binning; 0 for the others. */
  readonly offsets: MetricValues;
}

/** What estimation learns from the labelled reference, once. */
export interface EstimationReference extends Omit<ReferenceCells, "priors"> {
  /** A sample of the reference, in order of time. */
  readonly rows: LabelledEstimationRows;
  readonly designEdges: readonly number[];
  readonly priors: Float64Array;
  readonly calibrated: CalibratedCells;
  /** The calibration of the sample alone. */
  readonly sampleShares: Float64Array;
  /** The sample's rows with their score bin, and the same of other rows. */
  readonly design: CodedRows;
  readonly codeDesign: (rows: EstimationRows) => CodedRows;
  /** Null where the reference is too small for one. */
  readonly outcomeModel: Float64Array | null;
  readonly blocks: readonly ReferenceBlock[];
}

/** Stretches of the reference that are estimated from the others. */
const BLOCKS = 10;
/** Rows below which a block says nothing. */
const MIN_BLOCK_ROWS = 100;

/**
 * Counts the labelled reference by score cell (ESTIMATION 1.1, 1.3).
 *
 * @param rows scores in [0, 1], at least one row. Cost O(n log n).
 */
export function countReferenceCells(rows: ScoredRows & { readonly outcomes: ArrayLike<number> }): ReferenceCells {
  const edges = scoreEdges(rows.scores);
  const cells = scoreCells(rows, edges);
  const priors = cellPriors(cells);
  const labels = labelSums(rows, edges);
  const truth = realizedMetrics(rows);
  const onCells = cellMetrics(cells, calibrateCells(labels, priors).share);
  const offset = (metric: EstimatedMetric) => truth[metric] - onCells[metric];
  const offsets = mapMetrics((metric) => (BINNED.has(metric) ? offset(metric) : 0));
  const { weight, positive } = labels;
  return { edges, priors: [...priors], weight: Array.from(weight), positive: Array.from(positive), truth, offsets };
}

/**
 * Fits calibration, outcome model and the reference's own back-test (ESTIMATION 1.2-1.4).
 *
 * @param all the whole reference by cell.
 * @param rows a sample of it in order of time, so that blocks are stretches of it; scores in [0, 1].
 * Cost: eleven ridge regressions; 0.5 s for 20,000 rows of ten features.
 */
export function fitEstimationReference(all: ReferenceCells, rows: LabelledEstimationRows): EstimationReference {
  const design = designEdges(rows.scores);
  const priors = Float64Array.from(all.priors);
  const base = {
    ...all,
    rows,
    designEdges: design,
    priors,
    calibrated: calibrateCells({ ...all, squaredWeight: all.weight }, priors),
    sampleShares: calibrateCells(labelSums(rows, all.edges), priors).share,
    design: designRows(rows, design),
    codeDesign: (others: EstimationRows) => designRows(others, design),
    outcomeModel: fitOutcomeModel(rows, design),
  };
  return { ...base, blocks: estimateBlocks(base) };
}

/** Metrics of a window by the share of positives in each cell, with what binning loses added back. */
export function metricsOfShares(
  { offsets }: Pick<EstimationReference, "offsets">,
  cells: ScoreCells,
  share: ArrayLike<number>,
): MetricValues {
  const values = cellMetrics(cells, share);
  for (const metric of BINNED) values[metric] += offsets[metric];
  return values;
}

/** Metrics that lose by binning the scores. */
const BINNED: ReadonlySet<EstimatedMetric> = new Set(["roc_auc", "log_loss", "brier", "average_precision"]);

function estimateBlocks(reference: Omit<EstimationReference, "blocks">): ReferenceBlock[] {
  const { rows, edges, priors } = reference;
  const count = Math.min(BLOCKS, Math.floor(rows.codes.length / MIN_BLOCK_ROWS));
  if (count < 2) return [];
  const blockOf = (i: number) => Math.floor((i * count) / rows.codes.length);
  return Array.from({ length: count }, (_, block) => {
    const own = pickRows(
      rows,
      placesWhere(rows.codes.length, (i) => blockOf(i) === block),
    );
    const others = pickRows(
      rows,
      placesWhere(rows.codes.length, (i) => blockOf(i) !== block),
    );
    const cells = scoreCells(own, edges);
    const calibrated = calibrateCells(labelSums(others, edges), priors);
    const model = reference.outcomeModel === null ? null : fitOutcomeModel(others, reference.designEdges);
    const variances = cellMetricVariances(cells, calibrated.share, calibrated);
    return {
      truth: realizedMetrics(own),
      calibrated: metricsOfShares(reference, cells, calibrated.share),
      outcomeModel:
        model === null
          ? null
          : metricsOfShares(
              reference,
              cells,
              cellShares(own, predictOutcomes(model, own, reference.designEdges), edges, calibrated.share),
            ),
      variances: mapMetrics((metric) => variances[metric].sampling + variances[metric].calibration),
    };
  });
}

/** A value for each metric. */
function mapMetrics<T>(value: (metric: EstimatedMetric) => T): Record<EstimatedMetric, T> {
  const entries = estimatedMetrics.map((metric) => [metric, value(metric)]);
  return Object.fromEntries(entries) as Record<EstimatedMetric, T>;
}

function placesWhere(count: number, isIn: (i: number) => boolean): number[] {
  return Array.from({ length: count }, (_, i) => i).filter(isIn);
}
