import {
  codeCount,
  encodeFeature,
  type FeatureCodes,
  type FeatureColumn,
  learnFeatureCodes,
} from "../estimation/feature-encoder.ts";
import type { DataFault } from "./data-faults.ts";
import { type JointTable, jointFit, learnJointTable } from "./joint-table.ts";

/** Columns by feature, all of one length; the reference and a window hold the same features. */
export type FeatureTable = Readonly<Record<string, FeatureColumn>>;

/** Standard errors that a mean gain of log likelihood must be above zero. */
const SURE = 5;
/** Rise of one value's share, and rows that hold it, from which on it is looked at. */
const LEAST_RISE = 0.03;
const LEAST_ROWS = 60;
/** Rise of one value's share that is a fault unless its rows go together as before. */
const LARGE_RISE = 0.2;
/** Times what the value's share rose by in the windows before. */
const BEYOND_USUAL = 1.75;
/** Bins of a numeric feature: more than the eight of estimation, since what goes together is told by them. */
const BINS = 12;

/** A value of a feature, and the features that do not testify to it. */
export interface RepeatedValue {
  readonly name: string;
  readonly value: number | string;
  readonly silent: ReadonlySet<string>;
}

/** Of the rows that hold a value. */
export interface ValueFit {
  readonly rows: number;
  /** Of its share over the reference's. */
  readonly rise: number;
  /** Mean of ln p(others) - ln p(others given the value), nats a row, and the standard error of that mean. */
  readonly misfit: number;
  readonly error: number;
}

/**
 * Finds faults that no margin shows, by how features go together in the reference: columns of one distribution that changed
 * places, and a value that is repeated in part of the rows. What cannot be seen this way: faults of features that have
 * nothing to do with any other.
 */
export class JointFaults {
  readonly #names: readonly string[];
  readonly #codes: readonly FeatureCodes[];
  readonly #table: JointTable;
  readonly #reference: FeatureTable;

  constructor(reference: FeatureTable) {
    this.#reference = reference;
    this.#names = Object.keys(reference);
    this.#codes = this.#names.map((name) => learnFeatureCodes(reference[name]!, BINS));
    this.#table = learnJointTable({ codes: this.#rowsOf(reference), sizes: this.#codes.map(codeCount) });
  }

  /**
   * Pairs of columns that changed places. Per row the gain of log likelihood if both values are put back: margins, and all other
   * features given each of the two. Swapped where its mean is above zero by five standard errors; in rows as the
   * reference's it is below zero, so that a shift makes no swap. The clearest is put back before the next is looked for.
   */
  swapped(current: FeatureTable): DataFault[] {
    const clearest = this.#swapsOf(current).sort((a, b) => b.severity - a.severity)[0];
    if (clearest === undefined) return [];
    const [a, b] = clearest.features as [string, string];
    const putBack = { ...current, [a]: current[b]!, [b]: current[a]! };
    const rest = this.swapped(putBack).filter(({ features }) => !features.some((name) => name === a || name === b));
    return [clearest, ...rest];
  }

  /**
   * Features of which part of the rows repeats one value: its share rose by three points, and in the rows that hold it the
   * other features are as in all rows rather than as in the reference's rows with that value, by five standard errors of the mean
   * log likelihood. Where more rows really have the value, they go together as before. From a rise of twenty points on it is also
   * a fault where nothing tells the two apart.
   *
   * @param without features that are faulty in another way. @param silent features that say nothing of others now, as they moved themselves.
   * @param usual the same of windows before, which the rise and the misfit of a value must exceed by far.
   */
  stuck(
    current: FeatureTable,
    {
      without = new Set(),
      silent = new Set(),
      usual = () => [],
    }: {
      readonly without?: ReadonlySet<string>;
      readonly silent?: ReadonlySet<string>;
      readonly usual?: (value: RepeatedValue) => readonly ValueFit[];
    } = {},
  ): DataFault[] {
    return this.#names
      .flatMap((name): DataFault[] => {
        const value = without.has(name) ? null : largestRise(this.#reference[name]!, current[name]!);
        if (value === null) return [];
        const repeated = { name, value, silent: new Set([...silent, ...without]) };
        const { rows, rise, misfit, error } = this.fitOf(current, repeated);
        if (rows < LEAST_ROWS) return [];
        const before = usual(repeated);
        const isRisen = rise > BEYOND_USUAL * Math.max(0, ...before.map((fit) => Math.abs(fit.rise)));
        // What a small reference gets wrong of how values go together, it gets wrong of every window.
        const beyond = misfit - Math.max(0, ...before.map((fit) => fit.misfit));
        const isStuck = beyond > SURE * error || (rise > LARGE_RISE && misfit > -SURE * error);
        return isRisen && isStuck ? [{ kind: "stuck", features: [name], severity: rise, value }] : [];
      })
      .sort((a, b) => b.severity - a.severity);
  }

  /** How much more often rows hold a value than the reference's do, and how little the rest of them goes with it. */
  fitOf(current: FeatureTable, { name, value, silent }: RepeatedValue): ValueFit {
    const a = this.#names.indexOf(name);
    const without = new Set(this.#names.flatMap((other, k) => (silent.has(other) ? [k] : [])));
    const held = this.#rowsOf(current).filter((_, at) => current[name]![at] === value);
    const rise = shareOf(current[name]!, value) - shareOf(this.#reference[name]!, value);
    if (held.length === 0) return { rows: 0, rise, misfit: 0, error: 0 };
    const code = held[0]![a]!;
    const { mean, error } = momentsOf(held, (row) => -jointFit(this.#table, { row, a, code, without }));
    return { rows: held.length, rise, misfit: mean, error };
  }

  #swapsOf(current: FeatureTable): DataFault[] {
    const rows = this.#rowsOf(current);
    return this.#names.flatMap((a, i) =>
      this.#names.slice(i + 1).flatMap((b, rest): DataFault[] => {
        const j = i + 1 + rest;
        if (this.#codes[i]!.kind !== this.#codes[j]!.kind) return [];
        const forA = encodeFeature(this.#codes[i]!, current[b]!);
        const forB = encodeFeature(this.#codes[j]!, current[a]!);
        const { mean, error } = momentsOf(
          rows,
          (row, at) =>
            this.#likelihood(row, [i, forA[at]!], [j, forB[at]!]) - this.#likelihood(row, [i, row[i]!], [j, row[j]!]),
        );
        return mean > SURE * error ? [{ kind: "swapped", features: [a, b], severity: mean }] : [];
      }),
    );
  }

  /** Log likelihood of two codes in their row, up to what does not depend on them. */
  #likelihood(row: readonly number[], [i, a]: readonly [number, number], [j, b]: readonly [number, number]): number {
    const { margins } = this.#table;
    return (
      jointFit(this.#table, { row, a: i, code: a, without: new Set([j]) }) +
      jointFit(this.#table, { row, a: j, code: b, without: new Set([i]) }) +
      margins[i]![a]! +
      margins[j]![b]!
    );
  }

  #rowsOf(table: FeatureTable): number[][] {
    const columns = this.#names.map((name, j) => encodeFeature(this.#codes[j]!, table[name]!));
    return Array.from({ length: columns[0]?.length ?? 0 }, (_, at) => columns.map((column) => column[at]!));
  }
}

/** The value whose share rose most, by three points at least; null where none did. */
function largestRise(reference: FeatureColumn, current: FeatureColumn): number | string | null {
  const [then, now] = [countsOf(reference), countsOf(current)];
  let best: { value: number | string; rise: number } | null = null;
  for (const [value, count] of now) {
    const rise = count / current.length - (then.get(value) ?? 0) / reference.length;
    // A value that the reference never had says nothing of what it goes with.
    if (rise > Math.max(LEAST_RISE, best?.rise ?? 0) && then.has(value)) best = { value, rise };
  }
  return best?.value ?? null;
}

function shareOf(column: FeatureColumn, value: number | string): number {
  return column.reduce<number>((rows, each) => rows + (each === value ? 1 : 0), 0) / column.length;
}

function countsOf(column: FeatureColumn): Map<number | string, number> {
  const counts = new Map<number | string, number>();
  for (const value of column) {
    if (value === null || value === "" || Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function momentsOf(rows: readonly (readonly number[])[], value: (row: readonly number[], at: number) => number) {
  let [sum, squares] = [0, 0];
  rows.forEach((row, at) => {
    const x = value(row, at);
    sum += x;
    squares += x * x;
  });
  const mean = sum / rows.length;
  return { mean, error: Math.sqrt(Math.max(squares / rows.length - mean * mean, 0) / rows.length) };
}
