import type { BinKind } from "./detection-reference.ts";

/** How much more the means of neighbouring blocks of rows differ than those of independent rows would. */
export interface VarianceLadder {
  /** Takes the sums of the probes over the rows of one look (or of one row), in time order. Empty looks are ignored. */
  push(sums: ArrayLike<number>, rows: number): void;
  /** Inflation of location and scale: at least `initial`, else the largest estimate over block lengths. */
  estimate(initial: readonly [number, number], kind: BinKind): [number, number];
  /** A copy that restores to the bit. */
  snapshot(): VarianceLadderState;
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
  /** A snapshot to go on from. */
  readonly state?: VarianceLadderState;
}

const LEVELS = 14;
/** A level with fewer comparisons says nothing yet. */
const MIN_COMPARISONS = 16;
/** A squared difference counts for at most this many times the inflation in force: a jump is one bounded term. */
const MAX_TERM = 9;

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
  readonly #previousSums: Float64Array;
  readonly #previousRows: Float64Array;
  readonly #parity: Uint8Array;
  readonly #accumulated: Float64Array;
  readonly #comparisons: Float64Array;
  /** The inflation in force. */
  #current: readonly [number, number];

  constructor(probes: number, { kind = "numeric", initial = [1, 1], state }: VarianceLadderOptions) {
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

  estimate(initial: readonly [number, number], kind: BinKind): [number, number] {
    const inflation: [number, number] = [initial[0], initial[1]];
    for (let level = 0; level < LEVELS; level++) {
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
      this.#accumulated[place]! += Math.min(difference ** 2 / spread, MAX_TERM * inForce);
    }
    this.#comparisons[level]! += 1;
  }
}
