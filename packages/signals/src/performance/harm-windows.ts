import type { ModelConfig, ReferenceRisk } from "@tidemark/schema";
import { type HarmState, harmState, meanUpperBoundOf, RiskSequence, RowDependence } from "@tidemark/stats";

/** What a window adds to the harmful-shift verdict, as it is stored. */
export interface LossWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** Mean loss; null while no outcome is known. */
  readonly mean: number | null;
  readonly meanSquare: number;
  readonly rows: number;
  /** Effective number of the rows after weighting. */
  readonly effective: number;
  /** Share of the expected outcomes that are known, in [0, 1]. */
  readonly maturity: number;
}

/** The verdict as it stands at the end of a window. */
export interface HarmWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly state: HarmState;
  /** The stretch of windows whose loss is proved to be highest: its mean loss with any-time bounds; null before any. */
  readonly risk: {
    readonly sinceMs: number;
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
  } | null;
  readonly referenceUpper: number;
  /** In the unit of the loss. */
  readonly tolerance: number;
  readonly rows: number;
  /** Independent rows that they count as. */
  readonly effective: number;
  readonly rowsPerIndependent: number | null;
  /** Whether this window's outcomes were waited for; else the verdict rests on the windows before. */
  readonly isMature: boolean;
}

const ALPHA = 0.05;
/** A new sequence begins so often: what creeps in is diluted by the past in the older ones. */
const RESTART_MS = 28 * 86_400_000;

/**
 * Whether the model's risk is proved to exceed the reference's by more than `performance.harmTolerance`, at the end of every
 * window; may be looked at any time. A window of n rows counts as n / V independent ones, V the larger of what the windows
 * before it and the reference show; the first nine windows are spent on learning it. Windows enter in order and once their outcomes have matured, or the horizon has passed them.
 *
 * A sequence begins every four weeks, the k-th at level 0.05 / (k (k + 1)), so that all together hold with 95 %; the
 * verdict is that of whichever proves most. Against the reference's upper bound at 0.025.
 *
 * Source: A. Podkopaev, A. Ramdas, ICLR (2022), arXiv:2110.06177.
 * @param windows in order of time.
 * @param nowMs end of the newest judged window, Unix milliseconds.
 */
export function harmWindows(
  windows: readonly LossWindow[],
  reference: ReferenceRisk,
  { performance, outcomeHorizon }: Pick<ModelConfig, "performance" | "outcomeHorizon">,
  nowMs: number,
): HarmWindow[] {
  const variance = Math.max(0, reference.meanSquare - reference.mean ** 2);
  const referenceUpper = upperBound(reference, variance);
  const tolerance = performance.harmTolerance * (reference.loss === "absolute_error" ? reference.mean : 1);
  const dependence = new RowDependence();
  const runs: Run[] = [];
  let rows = 0;
  let effective = 0;
  let isWaiting = false;
  let firstMs: number | null = null;
  return windows.map((window) => {
    const { startMs, endMs, mean, meanSquare } = window;
    isWaiting ||= window.maturity < performance.minimumCoverage && nowMs - endMs <= outcomeHorizon;
    // The first windows only teach how much their rows depend on each other: what a bet rests on must be known before it.
    const own = dependence.current();
    const perIndependent = own === null ? null : Math.max(own, reference.rowsPerIndependent ?? 1);
    if (!isWaiting && mean !== null && window.effective > 0) {
      if (perIndependent !== null) {
        firstMs ??= startMs;
        while (startMs - firstMs >= runs.length * RESTART_MS) {
          const k = runs.length + 1;
          const options = {
            cap: reference.cap,
            prior: { mean: reference.mean, variance },
            alpha: ALPHA / (k * (k + 1)),
          };
          runs.push({ sinceMs: startMs, sequence: new RiskSequence(options), weight: 0, sum: 0 });
        }
        const count = window.effective / perIndependent;
        for (const run of runs) {
          run.sequence.update({ count, mean, meanSquare });
          run.weight += window.effective;
          run.sum += window.effective * mean;
        }
        rows += window.rows;
        effective += count;
      }
      dependence.update({ count: window.effective, mean, meanSquare });
    }
    const risk = highest(runs);
    return {
      startMs,
      endMs,
      state:
        risk === null
          ? "insufficient_data"
          : harmState({ riskLower: risk.lower, referenceUpper, tolerance, count: rows }),
      risk,
      referenceUpper,
      tolerance,
      rows,
      effective,
      rowsPerIndependent: perIndependent,
      isMature: !isWaiting,
    };
  });
}

interface Run {
  readonly sinceMs: number;
  readonly sequence: RiskSequence;
  weight: number;
  sum: number;
}

function highest(runs: readonly Run[]): HarmWindow["risk"] {
  return runs
    .map(({ sinceMs, sequence, weight, sum }) => ({ sinceMs, mean: sum / weight, ...sequence.interval() }))
    .reduce<HarmWindow["risk"]>((best, next) => (best === null || next.lower > best.lower ? next : best), null);
}

function upperBound({ rows, mean, cap, rowsPerIndependent }: ReferenceRisk, variance: number): number {
  const count = rows / (rowsPerIndependent ?? 1);
  if (count < 2) return Number.POSITIVE_INFINITY;
  return meanUpperBoundOf({ count, mean, variance }, { alpha: ALPHA / 2, rangeWidth: cap });
}
