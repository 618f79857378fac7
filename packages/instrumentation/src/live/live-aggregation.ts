import type { Attributes } from "@opentelemetry/api";
import type { Aggregation, ModelCounter } from "../aggregate/aggregation.ts";
import type { ModelPlan } from "../aggregate/feature-plan.ts";
import { ModelAggregate } from "../aggregate/model-aggregate.ts";
import { toHrTime } from "../export/hr-time.ts";
import { DELTA, type Temporality } from "../export/metric-data.ts";
import { MetricPoints } from "../export/metric-points.ts";
import { appendModelPoints } from "../export/model-points.ts";
import { createProcessReader } from "../export/process-points.ts";
import type { DropCounter } from "../safety/drop-counter.ts";

interface LiveModel extends ModelCounter {
  readonly attributes: Attributes;
  readonly aggregate: ModelAggregate;
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

  addModel(attributes: Attributes, plan: ModelPlan): ModelCounter {
    const aggregate = new ModelAggregate(plan, this.#drops);
    const model: LiveModel = { attributes, aggregate, active: 0, aggregateAt: () => aggregate };
    this.#models.push(model);
    return model;
  }

  takePoints(): MetricPoints {
    const isDelta = this.#temporality === DELTA;
    const endMs = Math.max(this.#now(), this.#lastMs + 1);
    const stamp = { start: toHrTime(this.#startMs), end: toHrTime(endMs) };
    const points = new MetricPoints(this.#temporality);
    for (const model of this.#models) {
      appendModelPoints(points, model.attributes, stamp, model.aggregate);
      points.addSum("inferenceActive", stamp, model.attributes, model.active);
      if (isDelta) model.aggregate.reset();
    }
    this.#process.appendPoints(points, stamp, isDelta);
    this.#drops.appendPoints(points, stamp, isDelta);
    this.#lastMs = endMs;
    if (isDelta) this.#startMs = endMs;
    return points;
  }
}
