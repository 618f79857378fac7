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
  startMs: number;
}

/** What a model had counted when another layout took its place; collected once more. */
interface RetiredModel extends LiveModel {
  readonly endMs: number;
}

/** A clock that was set back by more was wrong before: points go on from what it says now. */
const MAX_BACKWARD_MS = 60_000;

/**
 * Counts as they come; a collection stamps them with wall time, which does not run backwards, unless the clock was far ahead
 * and is put right: else all further points would be stamped with a time to come.
 */
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
    const endMs = this.#nextEndMs();
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

  #nextEndMs(): number {
    const nowMs = this.#now();
    if (this.#lastMs - nowMs <= MAX_BACKWARD_MS) return Math.max(nowMs, this.#lastMs + 1);
    // What began in a time to come begins now: to a reader a restart, which it takes anew.
    this.#startMs = Math.min(this.#startMs, nowMs);
    for (const model of this.#models) model.startMs = Math.min(model.startMs, nowMs);
    return nowMs;
  }

  /** In delta from the later of the model's start and the last collection. */
  #stamp(startMs: number, endMs: number): Stamp {
    return { start: toHrTime(Math.min(Math.max(startMs, this.#startMs), endMs)), end: toHrTime(endMs) };
  }
}
