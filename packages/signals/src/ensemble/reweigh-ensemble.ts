import type { ModelConfig } from "@tidemark/schema";
import { type ComparisonState, PairedComparison, simplexMinimum } from "@tidemark/stats";
import type { EnsembleSums } from "./ensemble-sums.ts";
import { addInto, quadratic, squareOf } from "./moments.ts";

export interface EnsembleWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly sums: EnsembleSums;
}

/** A proposal of weights as it stands at the end of a window. */
export interface ReweighedWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** Fitted to all matured windows so far, by member; null before enough is known. */
  readonly weights: readonly number[] | null;
  /** Rows that they are fitted to. */
  readonly fittedRows: number;
  /** Weights of the windows before each against the answers given, on outcomes they had not seen; null before the first. */
  readonly comparison: ComparisonState | null;
  /** Whether the verdict that the weights are better fell in this window. */
  readonly isNew: boolean;
  /** Start of the first window with these members, Unix milliseconds. */
  readonly sinceMs: number;
  /** Whether this window's outcomes were waited for; else it rests on the windows before. */
  readonly isMature: boolean;
}

/** Rows whose mean difference is cut: the shortest block of the comparison. */
const BLOCK_ROWS = 30;
/** Share of the largest difference that there can be, to which means of blocks are cut: a bound that is too wide proves nothing. */
const CUT = 0.2;
/** Rows that weights are fitted to at least, beyond 50 a member. */
const LEAST_ROWS = 200;
const ROWS_A_MEMBER = 50;

/**
 * Weights refitted at the end of every window, and whether they would have been better. Windows enter in order, once enough
 * of their outcomes are known. Before a window enters the fit, the weights fitted to the windows before it answer for it
 * (Dawid's prequential principle), and the difference of their squared error from the ensemble's goes into the same paired
 * comparison that challengers are judged by: a proposal never rests on the rows it was fitted to, and may be looked at any
 * time. Means of at least 30 rows are cut to a fifth of the largest possible difference, which they hardly ever reach, and the
 * bounds are of the mean so cut. Another set of members begins anew. Cost: one pass over the windows.
 *
 * @param windows in order of time.
 * @param nowMs end of the newest judged window, Unix milliseconds.
 * Source: A. P. Dawid, J. R. Stat. Soc. A 147 (1984), doi:10.2307/2981683.
 */
export function reweighEnsemble(
  windows: readonly EnsembleWindow[],
  largestError: number,
  config: Pick<ModelConfig, "comparison" | "performance" | "outcomeHorizon">,
  nowMs: number,
): ReweighedWindow[] {
  const { performance, outcomeHorizon } = config;
  const wanted = performance.minimumCoverage * performance.expectedCoverage;
  let run: Run | null = null;
  return windows.map(({ startMs, endMs, sums }) => {
    if (run === null || run.id !== idOf(sums)) run = new Run(sums, startMs, largestError, config);
    const known = sums.outlying + sums.parts.reduce((sum, { rows }) => sum + rows, 0);
    run.isWaiting ||= !(known >= wanted * sums.complete || nowMs - endMs > outcomeHorizon);
    const isNew = run.isWaiting || sums.kind === "class" ? false : run.add(startMs, endMs, sums);
    return { startMs, endMs, isNew, ...run.state(), isMature: !run.isWaiting };
  });
}

function idOf({ kind, members }: EnsembleSums): string {
  return JSON.stringify([kind, members]);
}

/** The windows of one set of members. */
class Run {
  readonly id: string;
  isWaiting = false;
  readonly #sinceMs: number;
  readonly #size: number;
  readonly #minimumDuration: number;
  readonly #comparison: PairedComparison;
  readonly #cut: number;
  readonly #moments: number[];
  /** Rows that wait for their block to be whole. */
  #block = { rows: 0, sum: 0 };
  #rows = 0;
  #weights: number[] | null = null;
  #hasCompared = false;

  constructor(
    sums: EnsembleSums,
    startMs: number,
    largestError: number,
    { comparison }: Pick<ModelConfig, "comparison">,
  ) {
    this.id = idOf(sums);
    this.#sinceMs = startMs;
    this.#size = sums.members.length;
    this.#minimumDuration = comparison.minimumDuration;
    this.#cut = CUT * largestError ** 2;
    this.#comparison = new PairedComparison({ range: [-this.#cut, this.#cut], minPairs: comparison.minimumPairs });
    this.#moments = new Array<number>(((this.#size + 1) * (this.#size + 2)) / 2).fill(0);
  }

  /** Whether the weights so far were proved better within this window. */
  add(startMs: number, endMs: number, { parts }: EnsembleSums): boolean {
    const wasBetter = this.#hasCompared && this.#comparison.state().verdict === "challenger_better";
    const length = (endMs - startMs) / parts.length;
    for (const [index, { rows, errors }] of parts.entries()) {
      if (rows === 0 || this.#weights === null) continue;
      const square = squareOf(errors, this.#size + 1);
      this.#block.rows += rows;
      this.#block.sum += quadratic(square, this.#weights, 1) - square[0]![0]!;
      if (this.#block.rows < BLOCK_ROWS) continue;
      const mean = Math.max(-this.#cut, Math.min(this.#cut, this.#block.sum / this.#block.rows));
      this.#comparison.update({
        pairs: this.#block.rows,
        sum: mean * this.#block.rows,
        mayDecide: startMs + (index + 1) * length - this.#sinceMs >= this.#minimumDuration,
      });
      this.#block = { rows: 0, sum: 0 };
      this.#hasCompared = true;
    }
    for (const { rows, errors } of parts) {
      this.#rows += rows;
      addInto(this.#moments, errors);
    }
    if (this.#rows >= LEAST_ROWS + ROWS_A_MEMBER * this.#size) {
      const ofMembers = squareOf(this.#moments, this.#size + 1)
        .slice(1)
        .map((row) => row.slice(1));
      this.#weights = simplexMinimum(ofMembers);
    }
    return !wasBetter && this.#hasCompared && this.#comparison.state().verdict === "challenger_better";
  }

  state(): Pick<ReweighedWindow, "weights" | "fittedRows" | "comparison" | "sinceMs"> {
    return {
      weights: this.#weights,
      fittedRows: this.#rows,
      comparison: this.#hasCompared ? this.#comparison.state() : null,
      sinceMs: this.#sinceMs,
    };
  }
}
