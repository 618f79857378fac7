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

/** A proposal as it stood before a window: what is reweighed from there on is the same as from the beginning. */
export interface ReweighMark {
  /** Start of the first window that it has not seen, Unix milliseconds. */
  readonly beforeMs: number;
  readonly run: ReweighRun;
}

/** Windows between two marks: some kilobytes each. */
const MARK_EVERY = 32;

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
 * @param windows in order of time; those from `mark` on where there is one.
 * @param nowMs end of the newest judged window, Unix milliseconds.
 * @param mark from which to go on; the beginning unless given.
 * Returns the windows, marks on the way (none while windows wait), and the start of the first window that waits; infinite without one.
 * Source: A. P. Dawid, J. R. Stat. Soc. A 147 (1984), doi:10.2307/2981683.
 */
export function reweighEnsemble(
  windows: readonly EnsembleWindow[],
  largestError: number,
  config: Pick<ModelConfig, "comparison" | "performance" | "outcomeHorizon">,
  nowMs: number,
  mark: ReweighMark | null = null,
): { readonly reweighed: ReweighedWindow[]; readonly marks: ReweighMark[]; readonly waitingMs: number } {
  const { comparison, performance, outcomeHorizon } = config;
  const wanted = performance.minimumCoverage * performance.expectedCoverage;
  let run = mark?.run.copy() ?? null;
  const marks: ReweighMark[] = [];
  const reweighed = windows.map(({ startMs, endMs, sums }, index) => {
    if (run !== null && !run.isWaiting && index > 0 && index % MARK_EVERY === 0) {
      marks.push({ beforeMs: startMs, run: run.copy() });
    }
    if (run === null || run.id !== idOf(sums)) {
      run = new ReweighRun({
        id: idOf(sums),
        sinceMs: startMs,
        size: sums.members.length,
        cut: CUT * largestError ** 2,
        minPairs: comparison.minimumPairs,
        minimumDuration: comparison.minimumDuration,
      });
    }
    const known = sums.outlying + sums.parts.reduce((sum, { rows }) => sum + rows, 0);
    run.isWaiting ||= !(known >= wanted * sums.complete || nowMs - endMs > outcomeHorizon);
    const isNew = run.isWaiting || sums.kind === "class" ? false : run.add(startMs, endMs, sums);
    return { startMs, endMs, isNew, ...run.state(), isMature: !run.isWaiting };
  });
  const waitingMs = reweighed.find(({ isMature }) => !isMature)?.startMs ?? Number.POSITIVE_INFINITY;
  return { reweighed, marks, waitingMs };
}

function idOf({ kind, members }: EnsembleSums): string {
  return JSON.stringify([kind, members]);
}

/** What a run is about, and from when on. */
interface RunBeginning {
  readonly id: string;
  readonly sinceMs: number;
  /** Number of members. */
  readonly size: number;
  readonly cut: number;
  readonly minPairs: number;
  /** Milliseconds. */
  readonly minimumDuration: number;
}

/** The windows of one set of members. */
class ReweighRun {
  isWaiting = false;
  readonly #about: RunBeginning;
  #comparison: PairedComparison;
  #moments: number[];
  /** Rows that wait for their block to be whole. */
  #block = { rows: 0, sum: 0 };
  #rows = 0;
  #weights: number[] | null = null;
  #hasCompared = false;

  constructor(about: RunBeginning) {
    this.#about = about;
    this.#comparison = new PairedComparison({ range: [-about.cut, about.cut], minPairs: about.minPairs });
    this.#moments = new Array<number>(((about.size + 1) * (about.size + 2)) / 2).fill(0);
  }

  /** The set of members. */
  get id(): string {
    return this.#about.id;
  }

  /** Another run that has seen the same windows. */
  copy(): ReweighRun {
    const copy = new ReweighRun(this.#about);
    copy.isWaiting = this.isWaiting;
    copy.#comparison = this.#comparison.copy();
    copy.#moments = [...this.#moments];
    copy.#block = { ...this.#block };
    copy.#rows = this.#rows;
    copy.#weights = this.#weights;
    copy.#hasCompared = this.#hasCompared;
    return copy;
  }

  /** Whether the weights so far were proved better within this window. */
  add(startMs: number, endMs: number, { parts }: EnsembleSums): boolean {
    const wasBetter = this.#hasCompared && this.#comparison.state().verdict === "challenger_better";
    const length = (endMs - startMs) / parts.length;
    for (const [index, { rows, errors }] of parts.entries()) {
      if (rows === 0 || this.#weights === null) continue;
      const square = squareOf(errors, this.#about.size + 1);
      this.#block.rows += rows;
      this.#block.sum += quadratic(square, this.#weights, 1) - square[0]![0]!;
      if (this.#block.rows < BLOCK_ROWS) continue;
      const mean = Math.max(-this.#about.cut, Math.min(this.#about.cut, this.#block.sum / this.#block.rows));
      this.#comparison.update({
        pairs: this.#block.rows,
        sum: mean * this.#block.rows,
        mayDecide: startMs + (index + 1) * length - this.#about.sinceMs >= this.#about.minimumDuration,
      });
      this.#block = { rows: 0, sum: 0 };
      this.#hasCompared = true;
    }
    for (const { rows, errors } of parts) {
      this.#rows += rows;
      addInto(this.#moments, errors);
    }
    if (this.#rows >= LEAST_ROWS + ROWS_A_MEMBER * this.#about.size) {
      const ofMembers = squareOf(this.#moments, this.#about.size + 1)
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
      sinceMs: this.#about.sinceMs,
    };
  }
}
