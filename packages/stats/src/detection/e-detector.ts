import type { DetectionReference } from "./detection-reference.ts";
import { EvidenceRecursion, type EvidenceRecursionState } from "./evidence-recursion.ts";
import { LearnedBaseline, type LearnedBaselineState } from "./learned-baseline.ts";
import type { Exponents } from "./log-evidence.ts";
import { createVarianceLadder, type VarianceLadder, type VarianceLadderState } from "./variance-ladder.ts";

export interface EDetectorOptions {
  /**
   * One, or one for each season slot: of one kind. A slot with fewer bins than another says nothing about those it lacks.
   */
  readonly references: readonly DetectionReference[];
  /** A: the looks that a stable stream lasts on average before a false alarm; see `alarmBudgetLooks`. */
  readonly alarmLooks: number;
  /** Whether the baseline takes in what it has judged; false only for references of 100,000 rows or more. Default true. */
  readonly learn?: boolean;
  /** Variance inflation learned from reference rows in time order; null (default) where these are not known to be. */
  readonly initialVariance?: readonly [number, number] | null;
  /**
   * Levels that last for several looks (days, weeks that differ): the variance of such a level, in squared standard deviations
   * of the location and scale probes, times the looks it lasts. The inflation is then at least `initialVariance` plus this
   * times the mean rows of a look, which no number of rows within a look averages out. Default [0, 0].
   */
  readonly levelVariance?: readonly [number, number];
  /** Looks that only teach the variance and are judged together at their end. Default 256 without `initialVariance`, else 0. */
  readonly warmupLooks?: number;
  /** As in `JudgeOptions`: `clusters` (default), or `variance` as DETECTION 4 has it. */
  readonly exponents?: Exponents;
  /**
   * Nats a row by which an alternative must differ from the reference to gather evidence; default 0.001, a shift of 0.045
   * standard deviations. Nothing closer matters, and in season slots that hold nearly one value the smoothing of the
   * reference alone would make evidence, a little in each and much in 168. 0 as DETECTION 4 has it.
   */
  readonly leastDivergence?: number;
}

export interface StreamVerdict {
  readonly state: "ok" | "warning" | "critical" | "insufficient_data";
  /** ln R; -Infinity before the first judged row. `critical` from ln A, `warning` from ln(A / 40). */
  readonly logEvidence: number;
  readonly variance: readonly [number, number];
  readonly rows: number;
  readonly looks: number;
}

/** All of a detector's state as plain numbers: JSON keeps it to the bit. Belongs to the references it was made with. */
export interface EDetectorState {
  readonly evidence: EvidenceRecursionState;
  readonly baselines: readonly LearnedBaselineState[];
  readonly ladder: VarianceLadderState;
  readonly variance: readonly [number, number];
  /** Rows not judged yet, by slot and bin. */
  readonly held: readonly (readonly number[])[];
  readonly heldSlot: number;
  readonly state: StreamVerdict["state"];
  readonly rows: number;
  readonly looks: number;
}

const WARMUP_LOOKS = 256;
const LEAST_DIVERGENCE = 0.001;
const WARNING_DIVISOR = 40;
const LEAST_ROWS = 50;

/**
 * The continuous verdict (DETECTION 4): an e-detector over bin counts that may be read after every look without losing its
 * promise. A stable stream gives a false `critical` once in A looks or less often, however long it is watched.
 *
 * For each drift shape it keeps R <- (R + 1) L, L the likelihood ratio of the shape to the baseline, tempered by the
 * variance inflation that it learns on the way. Steps are held back until they carry max V - 1 rows, so bursts are averaged
 * before they are judged. Time and memory of a look do not depend on the age of the stream.
 *
 * The caller says `no_data` (silence), and `insufficient_data` for references below 200 rows.
 *
 * @example
 * const detector = new EDetector({ references: [reference], alarmLooks: alarmBudgetLooks(10, 720), initialVariance: [1, 1] });
 * const verdict = detector.look(counts);
 * const later = EDetector.restore(options, JSON.parse(JSON.stringify(detector.snapshot())));
 */
export class EDetector {
  readonly #alarmLooks: number;
  readonly #warmupLooks: number;
  readonly #learn: boolean;
  readonly #initialVariance: readonly [number, number];
  readonly #levelVariance: readonly [number, number];
  readonly #baselines: readonly LearnedBaseline[];
  readonly #evidence: EvidenceRecursion;
  readonly #ladder: VarianceLadder;
  /** Every slot has these: of a categorical one, those of its most probable categories. */
  readonly #probes: number;
  readonly #held: readonly Float64Array[];
  #variance: readonly [number, number];
  #heldSlot = 0;
  #state: StreamVerdict["state"] = "insufficient_data";
  #rows = 0;
  #looks = 0;

  /** @throws RangeError where there is no reference, they differ in kind or bins, or a number is out of its range. */
  constructor(options: EDetectorOptions, state?: EDetectorState) {
    validateOptions(options, state);
    const { references, alarmLooks, learn = true, initialVariance = null, exponents = "clusters" } = options;
    const { alternatives, binCount, kind } = widestOf(references);
    this.#alarmLooks = alarmLooks;
    this.#warmupLooks = options.warmupLooks ?? (initialVariance === null ? WARMUP_LOOKS : 0);
    this.#learn = learn;
    this.#initialVariance = initialVariance ?? [1, 1];
    this.#levelVariance = options.levelVariance ?? [0, 0];
    this.#baselines = references.map((reference, slot) => new LearnedBaseline(reference, state?.baselines[slot]));
    this.#evidence = new EvidenceRecursion(
      alternatives,
      binCount,
      {
        alarmLine: alarmLooks,
        exponents,
        leastDivergence: options.leastDivergence ?? LEAST_DIVERGENCE,
        hasSlots: exponents === "clusters" && references.length > 1,
      },
      state?.evidence,
    );
    this.#probes = Math.min(...references.map(({ probes }) => probes.length));
    this.#ladder = createVarianceLadder(this.#probes, {
      kind,
      initial: this.#initialVariance,
      ...(state && { state: state.ladder }),
    });
    this.#held = references.map((reference, slot) =>
      Float64Array.from(state?.held[slot] ?? new Float64Array(reference.binCount)),
    );
    this.#variance = state?.variance ?? this.#initialVariance;
    this.#heldSlot = state?.heldSlot ?? 0;
    this.#state = state?.state ?? "insufficient_data";
    this.#rows = state?.rows ?? 0;
    this.#looks = state?.looks ?? 0;
  }

  /** A detector that goes on from a snapshot as if it had never stopped. The options must be those it was made with. */
  static restore(options: EDetectorOptions, state: EDetectorState): EDetector {
    return new EDetector(options, state);
  }

  /**
   * Takes the counts of one interval. Counts of replicas are added before; a repeated delivery must be dropped before.
   *
   * @param counts by bin of the slot's reference; all zero changes nothing.
   * @param slot index of the reference, 0 without a season.
   * @throws RangeError where the slot is unknown or the counts do not fit.
   */
  look(counts: ArrayLike<number>, slot = 0): StreamVerdict {
    const rows = this.#countRows(counts, slot);
    if (rows === 0) return this.verdict();
    if (this.#looks >= this.#warmupLooks && slot !== this.#heldSlot) this.#flush(this.#heldSlot);
    const held = this.#held[slot]!;
    for (let bin = 0; bin < held.length; bin++) held[bin]! += counts[bin]!;
    this.#heldSlot = slot;
    this.#looks += 1;
    this.#rows += rows;
    // Levels are known before the first look; what the looks themselves teach comes after them.
    if (this.#looks === 1) this.#variance = this.#leastVariance();
    if (this.#looks === this.#warmupLooks) {
      this.#learnVariance(counts, rows, slot);
      for (let each = 0; each < this.#held.length; each++) this.#flush(each);
    } else {
      const enough = Math.max(this.#variance[0], this.#variance[1]) - 1;
      if (this.#looks > this.#warmupLooks && sumOf(held) >= enough) this.#flush(slot);
      this.#learnVariance(counts, rows, slot);
    }
    this.#state = this.#nextState();
    return this.verdict();
  }

  /** The verdict after the last look. */
  verdict(): StreamVerdict {
    return {
      state: this.#state,
      logEvidence: Math.log(this.#evidence.total()),
      variance: this.#variance,
      rows: this.#rows,
      looks: this.#looks,
    };
  }

  snapshot(): EDetectorState {
    return {
      evidence: this.#evidence.snapshot(),
      baselines: this.#baselines.map((baseline) => baseline.snapshot()),
      ladder: this.#ladder.snapshot(),
      variance: this.#variance,
      held: this.#held.map((counts) => Array.from(counts)),
      heldSlot: this.#heldSlot,
      state: this.#state,
      rows: this.#rows,
      looks: this.#looks,
    };
  }

  #countRows(counts: ArrayLike<number>, slot: number): number {
    const held = this.#held[slot];
    if (held === undefined) throw new RangeError(`slot is ${slot}; there are ${this.#held.length} references`);
    if (counts.length !== held.length) {
      throw new RangeError(`counts has ${counts.length} bins, the reference ${held.length}; use the same bins`);
    }
    let rows = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin]!;
      if (!(count >= 0)) throw new RangeError(`counts[${bin}] is ${count}; counts are not negative`);
      rows += count;
    }
    if (rows === Number.POSITIVE_INFINITY) throw new RangeError("counts sum to infinity; counts are finite");
    return rows;
  }

  /** Judges what is held of a slot, then lets its baseline learn it while there is no suspicion. */
  #flush(slot: number): void {
    const held = this.#held[slot]!;
    const rows = sumOf(held);
    if (rows === 0) return;
    const baseline = this.#baselines[slot]!;
    this.#evidence.step(held, rows, { slot, baseline }, this.#variance);
    if (this.#learn && this.#evidence.total() < this.#alarmLooks / WARNING_DIVISOR) {
      baseline.learn(held, rows, Math.max(this.#variance[0], this.#variance[1]));
    }
    held.fill(0);
  }

  #learnVariance(counts: ArrayLike<number>, rows: number, slot: number): void {
    const { probes, kind } = this.#baselines[slot]!.reference;
    const sums = probes.slice(0, this.#probes).map((probe) => {
      let sum = 0;
      for (let bin = 0; bin < probe.length; bin++) sum += counts[bin]! * probe[bin]!;
      return sum;
    });
    this.#ladder.push(sums, rows);
    const learned = this.#ladder.estimate(this.#initialVariance, kind);
    const least = this.#leastVariance();
    this.#variance = [Math.max(learned[0], least[0]), Math.max(learned[1], least[1])];
  }

  #leastVariance(): [number, number] {
    const rowsALook = this.#rows / this.#looks;
    return [
      this.#initialVariance[0] + this.#levelVariance[0] * rowsALook,
      this.#initialVariance[1] + this.#levelVariance[1] * rowsALook,
    ];
  }

  #nextState(): StreamVerdict["state"] {
    const total = this.#evidence.total();
    const warns = total >= this.#alarmLooks / WARNING_DIVISOR;
    if (total >= this.#alarmLooks || (warns && this.#state === "critical")) return "critical";
    if (warns) return "warning";
    return this.#rows >= LEAST_ROWS && this.#looks >= this.#warmupLooks ? "ok" : "insufficient_data";
  }
}

function validateOptions(options: EDetectorOptions, state: EDetectorState | undefined): void {
  const { references, alarmLooks, initialVariance, levelVariance = [0, 0], warmupLooks = 0 } = options;
  const first = references[0];
  if (first === undefined) throw new RangeError("references is empty; give one, or one for each season slot");
  if (references.some(({ kind }) => kind !== first.kind)) {
    throw new RangeError("references mix numeric and categorical bins; all slots of a detector are of one kind");
  }
  if (!(alarmLooks >= WARNING_DIVISOR && alarmLooks < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`alarmLooks is ${alarmLooks}; it is finite and at least ${WARNING_DIVISOR}`);
  }
  if (initialVariance && !initialVariance.every((value) => value >= 1 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`initialVariance is [${initialVariance}]; both inflations are finite and at least 1`);
  }
  if (!levelVariance.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`levelVariance is [${levelVariance}]; both variances are finite and not negative`);
  }
  if (!(Number.isInteger(warmupLooks) && warmupLooks >= 0)) {
    throw new RangeError(`warmupLooks is ${warmupLooks}; it is a whole number, not negative`);
  }
  if (state === undefined) return;
  const fits = references.every(({ binCount }, slot) => state.baselines[slot]?.counts.length === binCount);
  if (!(fits && state.baselines.length === references.length))
    throw new RangeError("state does not fit the references; restore it with those it was made with");
}

function widestOf(references: readonly DetectionReference[]): DetectionReference {
  return references.reduce((most, reference) => (reference.binCount > most.binCount ? reference : most));
}

function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin]!;
  return sum;
}
