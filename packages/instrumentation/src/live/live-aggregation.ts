import type { Attributes } from "@opentelemetry/api";
import type { Aggregation } from "../aggregate/aggregation.ts";
import type { CountListener } from "../aggregate/count-listener.ts";
import { ModelCounter } from "../aggregate/model-counter.ts";
import type { ModelLayout } from "../aggregate/model-layout.ts";
import { SegmentedAggregate } from "../aggregate/segmented-aggregate.ts";
import { toHrTime } from "../export/hr-time.ts";
import { DELTA, type Temporality } from "../export/metric-data.ts";
import { MetricPoints, type Stamp } from "../export/metric-points.ts";
import { appendModelPoints } from "../export/model-points.ts";
import { createProcessReader } from "../export/process-points.ts";
import type { DropCounter } from "../safety/drop-counter.ts";

type ListenTo = (attributes: Attributes, layout: ModelLayout) => CountListener;

interface LiveModel {
  readonly attributes: Attributes;
  readonly counter: ModelCounter;
  readonly aggregate: SegmentedAggregate;
  /** When it began to count; points never reach further back. */
  readonly startMs: number;
}

/** What a model had counted when another layout took its place; collected once more. */
interface RetiredModel extends LiveModel {
  readonly endMs: number;
}

/** Counts as they come; a collection stamps them with wall time, which never runs backwards. */
export class LiveAggregation implements Aggregation {
  readonly #temporality: Temporality;
  readonly #drops: DropCounter;
  readonly #now: () => number;
  readonly #listenTo: ListenTo | null;
  readonly #process = createProcessReader();
  readonly #models: LiveModel[] = [];
  readonly #retired: RetiredModel[] = [];
  #startMs: number;
  #lastMs: number;

  /** @param listenTo makes what is told of a model's predictions as they are counted; null where nothing is */
  constructor(temporality: Temporality, drops: DropCounter, now: () => number, listenTo: ListenTo | null = null) {
    this.#temporality = temporality;
    this.#drops = drops;
    this.#now = now;
    this.#listenTo = listenTo;
    this.#startMs = now();
    this.#lastMs = this.#startMs;
  }

  addModel(attributes: Attributes, layout: ModelLayout): ModelCounter {
    const model = this.#start(attributes, layout, this.#startMs);
    this.#models.push(model);
    return model.counter;
  }

  /**
   * Counts a model anew by another layout, from now on: its series start again. What was counted so far is collected
   * once more, with its end.
   */
  replaceModel(counter: ModelCounter, layout: ModelLayout): ModelCounter {
    const index = this.#models.findIndex((model) => model.counter === counter);
    const replaced = this.#models[index]!;
    const nowMs = Math.max(this.#now(), this.#lastMs + 1);
    const model = this.#start(replaced.attributes, layout, nowMs);
    model.counter.active = counter.active;
    this.#retired.push({ ...replaced, endMs: nowMs });
    this.#models[index] = model;
    this.#lastMs = nowMs;
    return model.counter;
  }

  takePoints(): MetricPoints {
    const isDelta = this.#temporality === DELTA;
    const endMs = Math.max(this.#now(), this.#lastMs + 1);
    const stamp = this.#stamp(this.#startMs, endMs);
    const points = new MetricPoints(this.#temporality);
    for (const { attributes, aggregate, startMs, endMs } of this.#retired.splice(0)) {
      appendModelPoints(points, attributes, this.#stamp(startMs, endMs), aggregate);
    }
    for (const { attributes, counter, aggregate, startMs } of this.#models) {
      appendModelPoints(points, attributes, this.#stamp(startMs, endMs), aggregate);
      points.addSum("inferenceActive", stamp, attributes, counter.active);
      if (isDelta) aggregate.reset();
    }
    this.#process.appendPoints(points, stamp, isDelta);
    this.#drops.appendPoints(points, stamp, isDelta);
    this.#lastMs = endMs;
    if (isDelta) this.#startMs = endMs;
    return points;
  }

  #start(attributes: Attributes, layout: ModelLayout, startMs: number): LiveModel {
    const aggregate = new SegmentedAggregate(layout);
    const listener = this.#listenTo?.(attributes, layout) ?? null;
    const counter = new ModelCounter(layout, this.#drops, () => aggregate, listener);
    return { attributes, aggregate, startMs, counter };
  }

  /** In delta the later of the model's start and the last collection. */
  #stamp(startMs: number, endMs: number): Stamp {
    return { start: toHrTime(Math.max(startMs, this.#startMs)), end: toHrTime(endMs) };
  }
}
