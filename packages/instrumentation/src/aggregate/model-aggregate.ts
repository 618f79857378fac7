import { type CategoryCounts, createExplicitHistogram, type HistogramCounts } from "@tidemark/sketches";
import { labelText } from "../record/label-text.ts";
import type { Inputs, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import { type CategoricalCounts, CategoricalFeature } from "./categorical-feature.ts";
import { DiscoveredCategories } from "./discovered-categories.ts";
import type { ModelPlan } from "./feature-plan.ts";
import { InputReader } from "./input-reader.ts";
import { createHistogram, type NumericCounts, NumericFeatures, type NumericHistogram } from "./numeric-features.ts";
import { BATCH_SIZE_BOUNDARIES, DURATION_BOUNDARIES } from "./service-boundaries.ts";

/** Everything that is counted of one model version in one role. */
export interface ModelCounts {
  readonly numeric: readonly NumericCounts[];
  readonly categorical: readonly CategoricalCounts[];
  readonly score: NumericHistogram;
  readonly value: NumericHistogram;
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
  readonly numeric: readonly NumericCounts[];
  readonly categorical: readonly CategoricalFeature[];
  readonly score;
  readonly value;
  readonly duration = createExplicitHistogram(DURATION_BOUNDARIES);
  readonly batchSize = createExplicitHistogram(BATCH_SIZE_BOUNDARIES);
  readonly failed = new DiscoveredCategories(ERROR_TYPE_LIMIT);
  succeeded = 0;
  readonly #numeric: NumericFeatures;
  readonly #labels: CategoricalFeature;
  readonly #reader: InputReader;
  readonly #drops: DropCounter;

  constructor(plan: ModelPlan, drops: DropCounter) {
    this.#numeric = new NumericFeatures(plan.numeric);
    this.numeric = this.#numeric.counts;
    this.categorical = plan.categorical.map((feature) => new CategoricalFeature(feature));
    this.score = createHistogram(plan.scoreBoundaries);
    this.value = createHistogram(plan.valueBoundaries);
    this.#labels = new CategoricalFeature(plan.labels);
    this.#reader = new InputReader(this.#numeric, this.categorical, plan.ignoredInputs, drops);
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
    this.#reader.read(inputs);
    if (score !== undefined && score !== null) this.#recordNumber("score", this.score, score);
    if (value !== undefined && value !== null) this.#recordNumber("value", this.value, value);
    if (label !== undefined && label !== null) this.#recordLabel(label);
  }

  recordFailure(errorType: string, count: number): void {
    this.failed.record(errorType, count);
  }

  /** Forgets what was counted and keeps what counting needs. */
  reset(): void {
    this.#numeric.reset();
    for (const feature of this.categorical) feature.reset();
    this.#labels.reset();
    this.failed.reset();
    for (const histogram of [this.score, this.value, this.duration, this.batchSize]) histogram.reset();
    this.succeeded = 0;
  }

  #recordLabel(label: unknown): void {
    const text = labelText(label);
    if (text !== undefined) this.#labels.record(text);
    else this.#drops.add("invalid_field", () => `label is ${describeValue(label)}, expected text`);
  }

  #recordNumber(field: string, histogram: { record(value: number): unknown }, value: unknown): void {
    if (typeof value === "number" && Number.isFinite(value)) histogram.record(value);
    else this.#drops.add("invalid_field", () => `${field} is ${describeValue(value)}, expected a finite number`);
  }
}
