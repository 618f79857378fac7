import type { Attributes } from "@opentelemetry/api";
import type { Aggregation } from "../aggregate/aggregation.ts";
import { ModelCounter } from "../aggregate/model-counter.ts";
import type { ModelLayout } from "../aggregate/model-layout.ts";
import { SegmentedAggregate } from "../aggregate/segmented-aggregate.ts";
import { toHrTime } from "../export/hr-time.ts";
import { DELTA, type Temporality } from "../export/metric-data.ts";
import { MetricPoints } from "../export/metric-points.ts";
import { appendModelPoints } from "../export/model-points.ts";
import { createProcessReader } from "../export/process-points.ts";
import type { DropCounter } from "../safety/drop-counter.ts";

interface LiveModel {
  readonly attributes: Attributes;
  readonly counter: ModelCounter;
  readonly aggregate: SegmentedAggregate;
}

/** Counts as they come; a collection stamps them with wall time, which never runs backwards. */
export class LiveAggregation implements Aggregation {
  readonly #temporality: Temporality;
  readonly #drops: DropCounter;
  readonly #now: () => number;
  readonly #process = createProcessReader();
  readonly #models: LiveModel[] = [];
  #startMs: number;
  #lastMs: number;

  constructor(temporality: Temporality, drops: DropCounter, now: () => number) {
    this.#temporality = temporality;
    this.#drops = drops;
    this.#now = now;
    this.#startMs = now();
    this.#lastMs = this.#startMs;
  }

  addModel(attributes: Attributes, layout: ModelLayout): ModelCounter {
    const aggregate = new SegmentedAggregate(layout);
    const counter = new ModelCounter(layout, this.#drops, () => aggregate);
    this.#models.push({ attributes, counter, aggregate });
    return counter;
  }

  takePoints(): MetricPoints {
    const isDelta = this.#temporality === DELTA;
    const endMs = Math.max(this.#now(), this.#lastMs + 1);
    const stamp = { start: toHrTime(this.#startMs), end: toHrTime(endMs) };
    const points = new MetricPoints(this.#temporality);
    for (const { attributes, counter, aggregate } of this.#models) {
      appendModelPoints(points, attributes, stamp, aggregate);
      points.addSum("inferenceActive", stamp, attributes, counter.active);
      if (isDelta) aggregate.reset();
    }
    this.#process.appendPoints(points, stamp, isDelta);
    this.#drops.appendPoints(points, stamp, isDelta);
    this.#lastMs = endMs;
    if (isDelta) this.#startMs = endMs;
    return points;
  }
}
