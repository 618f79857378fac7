import { type DomainWeights, domainWeights } from "../estimation/domain-weights.ts";
import { codeCount, encodeFeature, type FeatureCodes, learnFeatureCodes } from "../estimation/feature-encoder.ts";
import type { CodedRows } from "../estimation/ridge-regression.ts";
import { ksTest } from "../tests/ks-test.ts";
import { commonLossShift } from "./common-shift.ts";
import { type DataFault, findDataFaults } from "./data-faults.ts";
import type { FirstCause } from "./first-cause.ts";
import { type FeatureTable, JointFaults, type RepeatedValue } from "./joint-faults.ts";
import { type LossParts, lossParts } from "./loss-parts.ts";
import { type LossRows, splitLoss } from "./loss-split.ts";
import type { PerformanceSplit } from "./performance-split.ts";
import { unitChange } from "./unit-factor.ts";

/** Rows of one window. */
export interface ObservedRows {
  readonly features: FeatureTable;
  /** Of each row; null where the outcomes are not known. */
  readonly loss: ArrayLike<number> | null;
}

/** How far a quantity moved, and how far the windows before moved from each other. */
export interface Movement {
  readonly value: number;
  /** Largest absolute value among the windows before, each against the others. */
  readonly natural: number;
  /** What it takes to be named; NaN where that cannot be told: of a loss without kinds of rows that both sides have. */
  readonly line: number;
}

export interface ChangeExplanation {
  readonly cause: FirstCause;
  /** Features that the cause is about, foremost first; empty for concept shift, silence and none. */
  readonly features: readonly string[];
  /** Faults of the data, foremost first. */
  readonly faults: readonly DataFault[];
  /** Null where losses are missing on a side. */
  readonly split: PerformanceSplit | null;
  /** The shift of the loss that rows of every kind share. */
  readonly concept: Movement | null;
  /** What the change of mean loss is made of; null where losses are missing on a side. */
  readonly parts: LossParts | null;
  /** Total variation of each feature's codes from the windows before, largest excess first. */
  readonly distances: readonly (Movement & { readonly feature: string })[];
}

/** A shift must be so many times what happens by itself. */
const BEYOND_NATURAL = 1.75;
const CONCEPT_BEYOND_NATURAL = 1.35;
/** Total variation below which no shift is named. */
const LEAST_DISTANCE = 0.05;
const ERRORS = 4;
/** Kolmogorov-Smirnov distance from which on a change of unit is looked for. */
const LEAST_UNIT_DISTANCE = 0.1;

/**
 * What is usual, learned from windows before a change, so that a cause is named only for what is beyond the ways in which those
 * windows already differ from each other: weather, seasons, weekends.
 *
 * First cause, in order: silence; a fault of the data (swapped columns, a changed unit, nulls, a stuck value); new categories;
 * then the further beyond its line of concept (the shift of the loss that rows of every kind share) and covariate (the distance of a
 * feature). An
 * order of plausibility, not a proof of cause.
 */
export class ChangeBaseline {
  readonly #windows: readonly ObservedRows[];
  readonly #reference: ObservedRows;
  readonly #names: readonly string[];
  readonly #codes: readonly FeatureCodes[];
  readonly #coded: CodedRows;
  readonly #joint: JointFaults;
  /** Each window before, and what the others of them know. */
  readonly #others: readonly { readonly window: ObservedRows; readonly joint: () => JointFaults }[];
  readonly #naturalDistances: readonly number[];
  readonly #naturalKs: readonly number[];
  readonly #naturalNulls: readonly number[];
  readonly #naturalConcept: number | null;
  readonly #usualRows: number;

  /**
   * @param windows before the change, at least three, with the same features.
   * @throws RangeError where there are fewer, or one has no rows.
   */
  constructor(windows: readonly ObservedRows[]) {
    if (windows.length < 3) throw new RangeError(`windows holds ${windows.length}; expected at least three`);
    this.#windows = windows;
    this.#reference = joined(windows);
    this.#names = Object.keys(this.#reference.features);
    this.#codes = this.#names.map((name) => learnFeatureCodes(this.#reference.features[name]!));
    this.#coded = this.#encode(this.#reference.features);
    this.#joint = new JointFaults(this.#reference.features);
    this.#usualRows = this.#coded.codes.length / windows.length;
    const others = windows.map((window, k) => ({ window, rest: joined(windows.filter((_, i) => i !== k)) }));
    // By the codes of the others: none of the reference's own categories would be a new one.
    const distances = others.map(({ window, rest }) => {
      const codes = this.#names.map((name) => learnFeatureCodes(rest.features[name]!));
      return this.#distances(this.#encode(rest.features, codes), this.#encode(window.features, codes));
    });
    this.#others = others.map(({ window, rest }) => ({ window, joint: once(() => new JointFaults(rest.features)) }));
    this.#naturalDistances = this.#names.map((_, j) => Math.max(...distances.map((each) => each[j]!)));
    this.#naturalKs = this.#names.map((name, j) =>
      this.#codes[j]!.kind === "numeric"
        ? Math.max(
            ...others.map((each) =>
              ksDistance(numbersOf(each.rest.features, name), numbersOf(each.window.features, name)),
            ),
          )
        : 0,
    );
    this.#naturalNulls = this.#names.map((name) =>
      Math.max(...windows.map(({ features }) => missingShare(features, name))),
    );
    const concepts = others.map(({ window, rest }) => this.#commonShift(rest, window));
    this.#naturalConcept = concepts.includes(null) ? null : Math.max(...concepts.map((each) => Math.abs(each!)));
  }

  /**
   * @param current with at least one row.
   * @param expectedRows that the window should hold; 0 where that is not known.
   */
  explain(current: ObservedRows, expectedRows = this.#usualRows): ChangeExplanation {
    const coded = this.#encode(current.features);
    const rowCount = coded.codes.length;
    const distances = this.#movements(coded);
    const faults = this.#faults(current.features, new Set(distances.filter(isBeyond).map(({ feature }) => feature)));
    const split = this.#split(this.#reference, current);
    const concept = split === null ? null : this.#conceptOf(current, split);
    const about = { faults, split, concept, distances, parts: this.#parts(current) };
    if (rowCount < 0.3 * expectedRows && rowCount < expectedRows - ERRORS * Math.sqrt(expectedRows)) {
      return { ...about, cause: "silence", features: [] };
    }
    const [fault] = faults;
    if (fault !== undefined) return { ...about, cause: fault.kind, features: fault.features };
    const shifted = distances.filter(isBeyond);
    const furthest = shifted[0] === undefined ? 0 : excess(shifted[0]);
    if (concept !== null && isBeyond(concept) && excess(concept) >= furthest) {
      return { ...about, cause: "concept_shift", features: [] };
    }
    if (shifted.length > 0) {
      return { ...about, cause: "covariate_shift", features: shifted.map(({ feature }) => feature) };
    }
    return { ...about, cause: "none", features: [] };
  }

  #faults(current: FeatureTable, moved: ReadonlySet<string>): DataFault[] {
    const units = this.#unitChanges(current);
    const inPart = new Set(units.filter(({ share }) => share !== undefined).flatMap(({ features }) => features));
    const swapped = this.#joint
      .swapped(putRight(current, units))
      .filter(({ features }) => !features.some((name) => inPart.has(name)));
    const inMargins = findDataFaults(this.#reference.features, current).filter(
      (fault) =>
        (fault.kind === "nulls" && !this.#isUsual(fault, current)) ||
        (fault.kind === "new_category" && fault.severity > BEYOND_NATURAL * this.#naturalUnseen(fault.features[0]!)),
    );
    const other = [...swapped, ...units, ...inMargins.filter(({ kind }) => kind !== "new_category")];
    const touched = new Set(other.flatMap(({ features }) => features));
    const usual = (value: RepeatedValue) =>
      this.#others.map(({ window, joint }) => joint().fitOf(window.features, value));
    const stuck = swapped.length > 0 ? [] : this.#joint.stuck(current, { without: touched, silent: moved, usual });
    const places = new Set(swapped.flatMap(({ features }) => features));
    const isOwn = ({ features, kind }: DataFault) => kind === "swapped" || !features.some((name) => places.has(name));
    const order = (fault: DataFault) => (fault.kind === "new_category" ? 2 : fault.kind === "swapped" ? 0 : 1);
    return [...swapped, ...units, ...inMargins, ...stuck]
      .filter(isOwn)
      .sort((a, b) => order(a) - order(b) || b.severity - a.severity);
  }

  #unitChanges(current: FeatureTable): DataFault[] {
    return this.#names.flatMap((name, j): DataFault[] => {
      if (this.#codes[j]!.kind !== "numeric") return [];
      const [before, now] = [numbersOf(this.#reference.features, name), numbersOf(current, name)];
      const severity = ksDistance(before, now);
      const natural = this.#naturalKs[j]!;
      if (severity < Math.max(LEAST_UNIT_DISTANCE, BEYOND_NATURAL * natural)) return [];
      const change = unitChange(before, now, natural);
      return change === null ? [] : [{ kind: "unit_change", features: [name], ...change, severity }];
    });
  }

  /** Nulls that the windows before had as many of are no fault. */
  #isUsual({ features: [name] }: DataFault, current: FeatureTable): boolean {
    const usual = this.#naturalNulls[this.#names.indexOf(name!)]!;
    return missingShare(current, name!) - usual < 0.01;
  }

  /** Largest share of a window before that was of categories none of the others had. */
  #naturalUnseen(name: string): number {
    return Math.max(
      ...this.#windows.map((window, k) => {
        const known = new Set(this.#windows.flatMap((other, i) => (i === k ? [] : [...other.features[name]!])));
        const column = window.features[name]!;
        return column.filter((value) => !known.has(value)).length / column.length;
      }),
    );
  }

  #conceptOf(current: ObservedRows, { withinError }: PerformanceSplit): Movement {
    const natural = this.#naturalConcept ?? 0;
    const line = Math.max(CONCEPT_BEYOND_NATURAL * natural, ERRORS * withinError);
    return { value: this.#commonShift(this.#reference, current)!, natural, line };
  }

  #parts(current: ObservedRows): LossParts | null {
    if (this.#reference.loss === null || current.loss === null) return null;
    return lossParts(
      { ...this.#coded, loss: this.#reference.loss },
      { ...this.#encode(current.features), loss: current.loss },
      this.#names.map((name, j) => ({ name, codes: this.#codes[j]! })),
    );
  }

  #commonShift(reference: ObservedRows, current: ObservedRows): number | null {
    if (reference.loss === null || current.loss === null) return null;
    const before = { ...this.#encode(reference.features), loss: reference.loss };
    return commonLossShift(before, { ...this.#encode(current.features), loss: current.loss });
  }

  #movements(current: CodedRows): (Movement & { feature: string })[] {
    const rows = current.codes.length;
    return this.#distances(this.#coded, current)
      .map((value, j) => {
        // A smaller window is further away by chance than those that showed what is usual.
        const byChance = this.#chanceDistance(j, rows) - this.#chanceDistance(j, this.#usualRows);
        const natural = this.#naturalDistances[j]! + Math.max(0, byChance);
        return { feature: this.#names[j]!, value, natural, line: Math.max(LEAST_DISTANCE, BEYOND_NATURAL * natural) };
      })
      .sort((a, b) => excess(b) - excess(a));
  }

  /** Expected total variation of that many rows from the distribution they are drawn from: sum of sqrt(p (1 - p) / (2 pi n)). */
  #chanceDistance(feature: number, rows: number): number {
    const shares = new Float64Array(this.#coded.sizes[feature]!);
    for (const row of this.#coded.codes) shares[row[feature]!]! += 1 / this.#coded.codes.length;
    return shares.reduce((sum, p) => sum + Math.sqrt(Math.max(0, p * (1 - p)) / (2 * Math.PI * rows)), 0);
  }

  #split(reference: ObservedRows, current: ObservedRows): PerformanceSplit | null {
    if (reference.loss === null || current.loss === null) return null;
    const before: LossRows = { ...this.#encode(reference.features), loss: reference.loss };
    const now: LossRows = { ...this.#encode(current.features), loss: current.loss };
    const domain: DomainWeights = domainWeights(before, now);
    return splitLoss(before, now, domain);
  }

  #distances(reference: CodedRows, current: CodedRows): number[] {
    return this.#names.map((_, j) => {
      const gap = new Float64Array(reference.sizes[j]!);
      for (const row of reference.codes) gap[row[j]!]! -= 1 / reference.codes.length;
      for (const row of current.codes) gap[row[j]!]! += 1 / current.codes.length;
      return gap.reduce((sum, each) => sum + Math.abs(each), 0) / 2;
    });
  }

  #encode(features: FeatureTable, featureCodes = this.#codes): CodedRows {
    const columns = this.#names.map((name, j) => encodeFeature(featureCodes[j]!, features[name]!));
    const codes = Array.from({ length: columns[0]!.length }, (_, at) => columns.map((column) => column[at]!));
    return { codes, sizes: featureCodes.map(codeCount) };
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function joined(windows: readonly ObservedRows[]): ObservedRows {
  const names = Object.keys(windows[0]!.features);
  return {
    features: Object.fromEntries(names.map((name) => [name, windows.flatMap(({ features }) => features[name]!)])),
    loss: windows.some(({ loss }) => loss === null)
      ? null
      : Float64Array.from(windows.flatMap(({ loss }) => Array.from(loss!))),
  };
}

function putRight(current: FeatureTable, units: readonly DataFault[]): FeatureTable {
  const repaired = units.flatMap(({ features: [name], factor, share }) =>
    share === undefined
      ? [[name!, current[name!]!.map((value) => (typeof value === "number" ? value / factor! : value))]]
      : [],
  );
  return { ...current, ...Object.fromEntries(repaired) };
}

function numbersOf(features: FeatureTable, name: string): number[] {
  return features[name]!.filter((value): value is number => typeof value === "number" && !Number.isNaN(value));
}

function ksDistance(a: readonly number[], b: readonly number[]): number {
  return a.length === 0 || b.length === 0 ? 1 : ksTest(a, b, { method: "asymptotic" }).statistic;
}

function missingShare(features: FeatureTable, name: string): number {
  const column = features[name]!;
  return column.filter((value) => value === null || value === "" || Number.isNaN(value)).length / column.length;
}

function excess({ value, line }: Movement): number {
  return Math.abs(value) / line;
}

function isBeyond(movement: Movement): boolean {
  return excess(movement) > 1;
}
