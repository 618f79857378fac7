import { OTHER_CATEGORY } from "@tidemark/semconv";
import { labelText } from "../record/label-text.ts";
import type { Inputs, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import type { CountListener } from "./count-listener.ts";
import { type FeatureRow, isFeatureRow } from "./feature-row.ts";
import type { TimedCall } from "./model-aggregate.ts";
import type { ModelLayout } from "./model-layout.ts";
import { PredictionReader } from "./prediction-reader.ts";
import type { SegmentPlan } from "./segment-plan.ts";
import type { SegmentedAggregate } from "./segmented-aggregate.ts";

/** Where the counts of an event time are; undefined stands for now. */
export type AggregateAt = (timeMs: number | undefined) => SegmentedAggregate;

/** Reads the predictions of one model and counts them where their event time belongs. */
export class ModelCounter {
  /** Calls in flight. */
  active = 0;
  readonly #layout: ModelLayout;
  readonly #drops: DropCounter;
  readonly #aggregateAt: AggregateAt;
  readonly #reader: PredictionReader;
  readonly #segmentBins: Int32Array;
  readonly #listener: CountListener | null;

  constructor(
    layout: ModelLayout,
    drops: DropCounter,
    aggregateAt: AggregateAt,
    listener: CountListener | null = null,
  ) {
    this.#layout = layout;
    this.#drops = drops;
    this.#aggregateAt = aggregateAt;
    this.#reader = new PredictionReader(layout, drops);
    this.#listener = listener;
    this.#segmentBins = new Int32Array(layout.segments.length);
  }

  /** Counts one answered prediction. A getter or proxy of the inputs that throws costs its own feature only. */
  countPrediction(timeMs: number | undefined, inputs: Inputs | FeatureRow, prediction: Prediction): void {
    if (isFeatureRow(inputs)) this.#reader.readRow(inputs, prediction);
    else this.#reader.readObject(this.#asObject(inputs), prediction);
    if (this.#segmentBins.length > 0) this.#findSegments(inputs, prediction);
    this.#aggregateAt(timeMs).add(this.#reader.reading, this.#segmentBins);
    if (this.#listener !== null) this.#listener.onPrediction(this.#reader.reading);
  }

  /** Returns whether its duration was counted. */
  countCall(timeMs: number | undefined, size: number, call: TimedCall): boolean {
    if (this.#listener !== null) this.#listener.onCall(size, call);
    return this.#aggregateAt(timeMs).total.addCall(size, call);
  }

  countFailures(timeMs: number | undefined, errorType: string, size: number): void {
    this.#aggregateAt(timeMs).total.addFailures(errorType, size);
  }

  /** The segments of the prediction that was counted last, by name; those without a value are left out. */
  lastSegments(): Record<string, string> {
    const values: Record<string, string> = {};
    this.#layout.segments.forEach(({ name, dictionary }, segment) => {
      const bin = this.#segmentBins[segment]!;
      if (bin >= 0) values[name] = dictionary.categories[bin] ?? OTHER_CATEGORY;
    });
    return values;
  }

  #asObject(inputs: Inputs): Inputs {
    if (inputs !== null && typeof inputs === "object" && !ArrayBuffer.isView(inputs)) return inputs;
    const found = ArrayBuffer.isView(inputs) ? "a view of bytes or BigInts" : typeof inputs;
    this.#drops.add("invalid_field", () => `inputs are ${found}, expected feature values by name or a row of numbers`);
    return {};
  }

  #findSegments(inputs: Inputs | FeatureRow, prediction: Prediction): void {
    const { segments } = this.#layout;
    for (let segment = 0; segment < segments.length; segment++) {
      const plan = segments[segment]!;
      const found = this.#segmentBin(plan, inputs, prediction);
      const bin = found < 0 ? -1 : plan.admit(found);
      this.#segmentBins[segment] = bin;
      if (bin === plan.dictionary.limit && !(found === bin && plan.dictionary.isListed)) {
        this.#drops.add(
          "series_overflow",
          () => `segment ${plan.name} has more values than the budget of series allows`,
        );
      }
    }
  }

  #segmentBin({ name, feature, dictionary }: SegmentPlan, inputs: Inputs | FeatureRow, prediction: Prediction): number {
    try {
      const given = prediction.segments?.[name];
      if (given === undefined && feature >= 0) return this.#reader.categoryBin(feature);
      const text = labelText(given ?? (isFeatureRow(inputs) ? undefined : inputs[name]));
      return text === undefined ? -1 : dictionary.binOf(text);
    } catch {
      this.#drops.add("unreadable_feature", () => `reading segment ${name} threw`);
      return -1;
    }
  }
}
