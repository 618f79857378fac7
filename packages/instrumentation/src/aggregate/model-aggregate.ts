import { type CategoryCounts, createExplicitHistogram, type HistogramCounts } from "@tidemark/sketches";
import type { Inputs, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import { type CategoricalCounts, CategoricalFeature } from "./categorical-feature.ts";
import { DiscoveredCategories } from "./discovered-categories.ts";
import type { ModelPlan } from "./feature-plan.ts";
import { type NumericCounts, NumericFeature } from "./numeric-feature.ts";
import { BATCH_SIZE_BOUNDARIES, DURATION_BOUNDARIES } from "./service-boundaries.ts";
import { STATE } from "./value-states.ts";

/** Everything that is counted of one model version in one role. */
export interface ModelCounts {
  readonly numeric: readonly NumericCounts[];
  readonly categorical: readonly CategoricalCounts[];
  readonly score: HistogramCounts | null;
  readonly value: HistogramCounts | null;
  readonly labels: CategoryCounts;
  /** Seconds a call. */
  readonly duration: HistogramCounts;
  readonly batchSize: HistogramCounts;
  readonly succeeded: number;
  /** Failed predictions by error type. */
  readonly failed: CategoryCounts;
}

const ERROR_TYPE_LIMIT = 50;

/** The live counts: recorded into on the hot path, where nothing is allocated a value. */
export class ModelAggregate implements ModelCounts {
  readonly numeric: readonly NumericFeature[];
  readonly categorical: readonly CategoricalFeature[];
  readonly score;
  readonly value;
  readonly duration = createExplicitHistogram(DURATION_BOUNDARIES);
  readonly batchSize = createExplicitHistogram(BATCH_SIZE_BOUNDARIES);
  readonly failed = new DiscoveredCategories(ERROR_TYPE_LIMIT);
  succeeded = 0;
  readonly #labels: CategoricalFeature;
  readonly #drops: DropCounter;

  constructor(plan: ModelPlan, drops: DropCounter) {
    this.numeric = plan.numeric.map((feature) => new NumericFeature(feature));
    this.categorical = plan.categorical.map((feature) => new CategoricalFeature(feature));
    this.score = plan.scoreBoundaries === null ? null : createExplicitHistogram(plan.scoreBoundaries);
    this.value = plan.valueBoundaries === null ? null : createExplicitHistogram(plan.valueBoundaries);
    this.#labels = new CategoricalFeature(plan.labels);
    this.#drops = drops;
  }

  get labels(): CategoryCounts {
    return this.#labels.categories;
  }

  /** Counts one answered prediction. A getter or proxy of the inputs that throws costs its own feature only. */
  recordPrediction(inputs: Inputs, { score, label, value }: Prediction): void {
    this.succeeded += 1;
    if (inputs === null || typeof inputs !== "object") {
      this.#drops.add("invalid_field", () => `inputs are ${typeof inputs}, expected an object of feature values`);
      inputs = {};
    }
    this.#recordInputs(inputs);
    if (score !== undefined && score !== null) this.#recordNumber("score", this.score, score);
    if (value !== undefined && value !== null) this.#recordNumber("value", this.value, value);
    if (label !== undefined && label !== null) this.#labels.record(label);
  }

  recordFailure(errorType: string, count: number): void {
    this.failed.record(errorType, count);
  }

  #recordInputs(inputs: Inputs): void {
    let found = 0;
    for (const feature of this.numeric) {
      try {
        const value = inputs[feature.name];
        if (value !== undefined) found++;
        feature.record(value);
      } catch {
        this.#recordUnreadable(feature);
      }
    }
    for (const feature of this.categorical) {
      try {
        const value = inputs[feature.name];
        if (value !== undefined) found++;
        feature.record(value);
      } catch {
        this.#recordUnreadable(feature);
      }
    }
    this.#countUnknown(inputs, found);
  }

  #recordUnreadable(feature: NumericFeature | CategoricalFeature): void {
    feature.states[STATE.type_mismatch]! += 1;
    this.#drops.add("unreadable_feature", () => `reading feature ${feature.name} threw`);
  }

  /** A loop without a body's work when all is well; names are looked at only where there are more than were found. */
  #countUnknown(inputs: Inputs, found: number): void {
    try {
      let members = 0;
      for (const _name in inputs) members++;
      if (members <= found) return;
      for (const name in inputs) {
        if (this.#isDeclared(name)) continue;
        this.#drops.add("unknown_feature", () => `input ${name.slice(0, 100)} is not a declared feature`);
      }
    } catch {
      this.#drops.add("unreadable_feature", () => "listing the names of the inputs threw");
    }
  }

  #isDeclared(name: string): boolean {
    return (
      this.numeric.some((feature) => feature.name === name) || this.categorical.some((feature) => feature.name === name)
    );
  }

  #recordNumber(field: string, histogram: { record(value: number): number } | null, value: unknown): void {
    if (typeof value === "number" && Number.isFinite(value)) histogram?.record(value);
    else this.#drops.add("invalid_field", () => `${field} is ${describeValue(value)}, expected a finite number`);
  }
}
