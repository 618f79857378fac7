import type { BinKind } from "./detection-reference.ts";

/** How much more the means of neighbouring blocks of rows differ than those of independent rows would. */
export interface VarianceLadder {
  /** Takes the sums of the probes over the rows of one look (or of one row), in time order. Empty looks are ignored. */
  push(sums: ArrayLike<number>, rows: number): void;
  /**
   * Inflation of location and scale: at least `initial`, else the largest estimate over block lengths.
   *
   * @param longestBlock looks in the longest block that counts; default: any that was compared often enough.
   */
  estimate(initial: readonly [number, number], kind: BinKind, longestBlock?: number): [number, number];
  /**
   * What the rows of a reference, pushed in time order, say of their dependence.
   *
   * @param seasons where each row was held against the slot of a season that it helped to make: how many seasons (weeks)
   * there were, at least 2. A slot follows its own rows, so of k seasons they show (k - 1) / k of their variance beyond chance.
   */
  dependence(kind: BinKind, seasons?: number): Dependence;
  /** A copy that restores to the bit. */
  snapshot(): VarianceLadderState;
}

/** How far the rows of a reference depend on each other. */
export interface Dependence {
  /** Inflation of location and scale; [1, 1] where the rows look independent (tested at about 1 %). */
  readonly variance: [number, number];
  /**
   * Rows that count as one independent row where the reference's own size is meant: the largest estimate with its error
   * added, where `variance` has it taken off, since a reference taken for larger than it is makes false alarms.
   */
  readonly rowsPerIndependent: number;
}

/** Level l compares blocks of 2^l looks. Flat arrays by level; those of sums hold all probes of level 0, then of level 1, ... */
export interface VarianceLadderState {
  readonly previousSums: readonly number[];
  readonly previousRows: readonly number[];
  /** 1 where a block waits for its neighbour to be joined into one of the next level. */
  readonly parity: readonly number[];
  readonly accumulated: readonly number[];
  readonly comparisons: readonly number[];
}

export interface VarianceLadderOptions {
  /** Numeric: each probe has an inflation of its own (default). Categorical: all share one. */
  readonly kind?: BinKind;
  /** What the inflation is at least while it is learned; default [1, 1]. */
  readonly initial?: readonly [number, number];
  /**
   * Whether a squared difference counts for at most 9 times the inflation in force (default), so that a jump in a stream is
   * one bounded term. False for references, which are stable: there the bound would hide the dependence of the first rows.
   */
  readonly bounded?: boolean;
  /** A snapshot to go on from. */
  readonly state?: VarianceLadderState;
}

const LEVELS = 14;
/** A level with fewer comparisons says nothing yet. */
const MIN_COMPARISONS = 16;
/** A squared difference counts for at most this many times the inflation in force: a jump is one bounded term. */
const MAX_TERM = 9;
/** Phi^-1(1 - 0.0005): some 20 means are looked at, so that about one independent reference in a hundred looks dependent. */
const DEPENDENCE_SCORE = 3.3;

/**
 * Learns the variance inflation from looks in time order (DETECTION 5): from differences of neighbouring blocks of 1, 2, 4,
 * ... looks and not from deviations from the mean, so that a step change does not hide itself. 14 levels of state, whatever
 * the length; about one level of work a look.
 *
 * @param probes number of probe functions, `probeValues(reference).length`.
 * @throws RangeError where probes is not a positive whole number, or does not fit the state.
 */
export function createVarianceLadder(probes: number, options: VarianceLadderOptions = {}): VarianceLadder {
  if (!(Number.isInteger(probes) && probes > 0)) {
    throw new RangeError(`probes is ${probes}; give the number of probes, at least 1`);
  }
  if (options.state !== undefined && options.state.accumulated.length !== probes * LEVELS) {
    throw new RangeError(`state is not that of ${probes} probes; restore it with the reference it was made with`);
  }
  return new DyadicLadder(probes, options);
}

class DyadicLadder implements VarianceLadder {
  readonly #probes: number;
  readonly #kind: BinKind;
  readonly #initial: readonly [number, number];
  readonly #bounded: boolean;
  readonly #previousSums: Float64Array;
  readonly #previousRows: Float64Array;
  readonly #parity: Uint8Array;
  readonly #accumulated: Float64Array;
  readonly #comparisons: Float64Array;
  /** The inflation in force. */
  #current: readonly [number, number];

  constructor(probes: number, options: VarianceLadderOptions) {
    const { kind = "numeric", initial = [1, 1], bounded = true, state } = options;
    this.#bounded = bounded;
    this.#probes = probes;
    this.#kind = kind;
    this.#initial = initial;
    this.#previousSums = Float64Array.from(state?.previousSums ?? new Float64Array(probes * LEVELS));
    this.#previousRows = Float64Array.from(state?.previousRows ?? new Float64Array(LEVELS));
    this.#parity = Uint8Array.from(state?.parity ?? new Uint8Array(LEVELS));
    this.#accumulated = Float64Array.from(state?.accumulated ?? new Float64Array(probes * LEVELS));
    this.#comparisons = Float64Array.from(state?.comparisons ?? new Float64Array(LEVELS));
    this.#current = this.estimate(initial, kind);
  }

  push(sums: ArrayLike<number>, rows: number): void {
    if (rows === 0) return;
    const block = Float64Array.from(sums);
    let blockRows = rows;
    for (let level = 0; level < LEVELS; level++) {
      this.#compare(level, block, blockRows);
      const joins = this.#parity[level] === 1;
      this.#parity[level] = joins ? 0 : 1;
      const previousRows = this.#previousRows[level]!;
      this.#previousRows[level] = blockRows;
      for (let probe = 0; probe < this.#probes; probe++) {
        const place = level * this.#probes + probe;
        const previous = this.#previousSums[place]!;
        this.#previousSums[place] = block[probe]!;
        block[probe]! += previous;
      }
      if (!joins) break;
      blockRows += previousRows;
    }
    this.#current = this.estimate(this.#initial, this.#kind);
  }

  estimate(
    initial: readonly [number, number],
    kind: BinKind,
    longestBlock: number = Number.POSITIVE_INFINITY,
  ): [number, number] {
    const inflation: [number, number] = [initial[0], initial[1]];
    for (let level = 0; level < LEVELS && 2 ** level <= longestBlock; level++) {
      const comparisons = this.#comparisons[level]!;
      if (comparisons < MIN_COMPARISONS) continue;
      const unit = comparisons * (1 + Math.sqrt(2 / comparisons));
      const place = level * this.#probes;
      if (kind === "numeric") {
        inflation[0] = Math.max(inflation[0], this.#accumulated[place]! / unit);
        inflation[1] = Math.max(inflation[1], this.#accumulated[place + 1]! / unit);
      } else {
        let sum = 0;
        for (let probe = 0; probe < this.#probes; probe++) sum += this.#accumulated[place + probe]!;
        inflation[0] = Math.max(inflation[0], sum / this.#probes / unit);
        inflation[1] = Math.max(inflation[1], sum / this.#probes / unit);
      }
    }
    return inflation;
  }

  dependence(kind: BinKind, seasons: number = Number.POSITIVE_INFINITY): Dependence {
    if (!(seasons > 1)) throw new RangeError(`seasons is ${seasons}; slots that one season made show nothing of it`);
    const whole = (inflation: number) => 1 + (inflation - 1) / (1 - 1 / seasons);
    let rowsPerIndependent = 1;
    let shown = false;
    for (let level = 0; level < LEVELS; level++) {
      const comparisons = this.#comparisons[level]!;
      if (comparisons < MIN_COMPARISONS) continue;
      for (const mean of this.#meansAt(level, kind)) {
        shown ||= mean > independentLimit(comparisons);
        rowsPerIndependent = Math.max(rowsPerIndependent, mean * (1 + Math.sqrt(2 / comparisons)));
      }
    }
    if (!shown) return { variance: [1, 1], rowsPerIndependent: 1 };
    const [location, scale] = this.estimate([1, 1], kind);
    return { variance: [whole(location), whole(scale)], rowsPerIndependent: whole(rowsPerIndependent) };
  }

  /** Mean squared differences of a level: of each numeric probe, or of all categorical ones together. */
  #meansAt(level: number, kind: BinKind): number[] {
    const comparisons = this.#comparisons[level]!;
    const place = level * this.#probes;
    const sums = Array.from(this.#accumulated.subarray(place, place + this.#probes));
    if (kind === "numeric") return sums.map((sum) => sum / comparisons);
    return [sums.reduce((total, sum) => total + sum, 0) / this.#probes / comparisons];
  }

  snapshot(): VarianceLadderState {
    return {
      previousSums: Array.from(this.#previousSums),
      previousRows: Array.from(this.#previousRows),
      parity: Array.from(this.#parity),
      accumulated: Array.from(this.#accumulated),
      comparisons: Array.from(this.#comparisons),
    };
  }

  #compare(level: number, block: Float64Array, rows: number): void {
    const previousRows = this.#previousRows[level]!;
    if (previousRows === 0) return;
    const spread = 1 / rows + 1 / previousRows;
    for (let probe = 0; probe < this.#probes; probe++) {
      const place = level * this.#probes + probe;
      const difference = block[probe]! / rows - this.#previousSums[place]! / previousRows;
      const inForce = this.#current[this.#kind === "numeric" && probe === 1 ? 1 : 0];
      const most = this.#bounded ? MAX_TERM * inForce : Number.POSITIVE_INFINITY;
      this.#accumulated[place]! += Math.min(difference ** 2 / spread, most);
    }
    this.#comparisons[level]! += 1;
  }
}

/**
 * What a mean of squared differences of independent blocks rarely exceeds. Neighbours share a block, so a mean over c has the
 * variance 3/c, that of chi-square over its 2c/3 degrees of freedom; its quantile by Wilson and Hilferty (1931).
 */
function independentLimit(comparisons: number): number {
  const unit = 2 / (9 * ((2 * comparisons) / 3));
  return (1 - unit + DEPENDENCE_SCORE * Math.sqrt(unit)) ** 3;
}
