import type { Answer, KnownOutcome } from "../performance/task-loss.ts";
import type { EnsembleTask } from "./ensemble-task.ts";

/** One prediction of an ensemble. Lists are in the order of the members. */
export interface EnsembleRow {
  readonly timeMs: number;
  readonly answer: Answer;
  /** NaN where a member gave no number. */
  readonly numbers: readonly number[];
  /** Empty where a member gave no class. */
  readonly texts: readonly string[];
  /** Null while it is not known. */
  readonly outcome: KnownOutcome | null;
}

/**
 * Sums over the labelled rows of one part of a window. Index 0 is the ensemble, the members follow. `errors` is the upper
 * triangle, row by row, of sum e e', e the errors of ensemble and members; empty for classes.
 */
export interface EnsemblePart {
  rows: number;
  readonly errors: number[];
  readonly right: number[];
  readonly logLoss: number[];
  readonly absolute: number[];
}

/** What a window says of an ensemble: enough for every later question, whatever the number of rows. */
export interface EnsembleSums {
  readonly kind: EnsembleTask["kind"];
  /** By name, in the order of all lists; those that answered at least half of the predictions. */
  readonly members: readonly string[];
  /** Predictions of the window with an answer of any member. */
  predictions: number;
  /** By member: predictions on which its answer can be used. */
  readonly answered: number[];
  /** Predictions on which the ensemble and every member have a usable answer; all else rests on these. */
  complete: number;
  /** Complete ones with an outcome that were left out for an error beyond the largest. */
  outlying: number;
  /** Complete ones on which not all members have the same class. */
  disagreed: number;
  /** By pair of members, upper triangle without the diagonal: complete ones on which the two have different classes. */
  readonly pairs: number[];
  /** Upper triangle with the diagonal of sum d d', d the members less the answer, over complete rows; empty for classes. */
  readonly spread: number[];
  /** Equal parts of the window in order of time, a multiple of CLUSTERS. */
  readonly parts: EnsemblePart[];
}

/** Parts of a window are as many, or a multiple: those that belong together are the clusters that intervals rest on. */
export const CLUSTERS = 24;
/** Rows of a part on average, where the window has so many: what the paired comparison's shortest block has. */
const PART_ROWS = 30;
/** Parts of a cluster at most, and numbers that all parts of a window may have: what is stored is bounded. */
const MAX_PARTS = 10;
const MAX_NUMBERS = 20_000;
/** Probabilities are cut to this and one less it before their logarithm is taken, as scikit-learn does in double precision. */
const LEAST_PROBABILITY = 2 ** -52;

/**
 * Adds up a window row by row. Rows in order of time give the same bits again.
 * @param window with the number of its predictions, by which it is parted.
 */
export class EnsembleSummer {
  readonly sums: EnsembleSums;
  readonly #task: EnsembleTask;
  readonly #window: { readonly startMs: number; readonly endMs: number };
  readonly #numbers: number[];
  readonly #classes: string[];

  constructor(
    task: EnsembleTask,
    members: readonly string[],
    window: { readonly startMs: number; readonly endMs: number; readonly predictions: number },
  ) {
    const size = members.length;
    const zeros = (length: number) => new Array<number>(length).fill(0);
    const isNumeric = task.kind !== "class";
    this.#task = task;
    this.#window = window;
    this.#numbers = zeros(size + 1);
    this.#classes = new Array<string>(size + 1).fill("");
    this.sums = {
      kind: task.kind,
      members,
      predictions: 0,
      answered: zeros(size),
      complete: 0,
      outlying: 0,
      disagreed: 0,
      pairs: zeros((size * (size - 1)) / 2),
      spread: zeros(isNumeric ? (size * (size + 1)) / 2 : 0),
      parts: Array.from({ length: partsOf(window.predictions, size) }, () => ({
        rows: 0,
        errors: zeros(isNumeric ? ((size + 1) * (size + 2)) / 2 : 0),
        right: zeros(task.kind === "quantity" ? 0 : size + 1),
        logLoss: zeros(task.kind === "probability" ? size + 1 : 0),
        absolute: zeros(task.kind === "quantity" ? size + 1 : 0),
      })),
    };
  }

  add(row: EnsembleRow): void {
    this.sums.predictions++;
    if (!(this.#task.kind === "class" ? this.#readClasses(row) : this.#readNumbers(row))) return;
    this.sums.complete++;
    if (this.#task.kind !== "quantity") this.#addDisagreement();
    if (this.#task.kind !== "class") this.#addSpread();
    if (row.outcome !== null) this.#addOutcome(row.timeMs, row.outcome);
  }

  /** Whether the ensemble and all members have a usable number. */
  #readNumbers({ answer, numbers }: EnsembleRow): boolean {
    const own = this.#task.numberOf(answer);
    let isComplete = !Number.isNaN(own);
    this.#numbers[0] = own;
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers[index]!;
      if (this.#task.isUsable(number)) this.sums.answered[index]!++;
      else isComplete = false;
      this.#numbers[index + 1] = number;
      this.#classes[index + 1] = number >= 0.5 ? "1" : "0";
    }
    return isComplete;
  }

  #readClasses({ answer, texts }: EnsembleRow): boolean {
    let isComplete = answer.label !== null;
    this.#classes[0] = answer.label ?? "";
    for (let index = 0; index < texts.length; index++) {
      if (texts[index] === "") isComplete = false;
      else this.sums.answered[index]!++;
      this.#classes[index + 1] = texts[index]!;
    }
    return isComplete;
  }

  #addDisagreement(): void {
    const { members, pairs } = this.sums;
    let at = 0;
    let isAny = false;
    for (let i = 1; i <= members.length; i++) {
      for (let j = i + 1; j <= members.length; j++, at++) {
        if (this.#classes[i] === this.#classes[j]) continue;
        pairs[at]!++;
        isAny = true;
      }
    }
    if (isAny) this.sums.disagreed++;
  }

  #addSpread(): void {
    const { members, spread } = this.sums;
    const own = this.#numbers[0]!;
    let at = 0;
    for (let i = 1; i <= members.length; i++) {
      const d = this.#numbers[i]! - own;
      for (let j = i; j <= members.length; j++, at++) spread[at]! += d * (this.#numbers[j]! - own);
    }
  }

  #addOutcome(timeMs: number, outcome: KnownOutcome): void {
    const { startMs, endMs } = this.#window;
    const { parts } = this.sums;
    const index = Math.floor(((timeMs - startMs) / (endMs - startMs)) * parts.length);
    const part = parts[Math.min(parts.length - 1, Math.max(0, index))]!;
    if (this.#task.kind === "class") {
      const actual = this.#task.classOf(outcome);
      if (actual === null) return;
      part.rows++;
      for (let i = 0; i < part.right.length; i++) if (this.#classes[i] === actual) part.right[i]!++;
      return;
    }
    const truth = this.#task.truthOf(outcome);
    if (Number.isNaN(truth)) return;
    const numbers = this.#numbers;
    if (numbers.some((number) => Math.abs(number - truth) > this.#task.largestError)) {
      this.sums.outlying++;
      return;
    }
    part.rows++;
    let at = 0;
    for (let i = 0; i < numbers.length; i++) {
      const error = numbers[i]! - truth;
      for (let j = i; j < numbers.length; j++, at++) part.errors[at]! += error * (numbers[j]! - truth);
      if (this.#task.kind === "quantity") {
        part.absolute[i]! += Math.abs(error);
        continue;
      }
      const likelihood = truth === 1 ? numbers[i]! : 1 - numbers[i]!;
      part.logLoss[i]! -= Math.log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, likelihood)));
      if (numbers[i]! >= 0.5 === (truth === 1)) part.right[i]!++;
    }
  }
}

function partsOf(predictions: number, members: number): number {
  const numbers = ((members + 1) * (members + 2)) / 2;
  const most = Math.min(MAX_PARTS, Math.floor(MAX_NUMBERS / (CLUSTERS * numbers)));
  return CLUSTERS * Math.max(1, Math.min(most, Math.floor(predictions / (CLUSTERS * PART_ROWS))));
}
