import type { Attributes } from "@opentelemetry/api";
import type { Aggregation } from "../aggregate/aggregation.ts";
import { ModelCounter } from "../aggregate/model-counter.ts";
import type { ModelLayout } from "../aggregate/model-layout.ts";
import { SegmentedAggregate } from "../aggregate/segmented-aggregate.ts";
import { toHrTime } from "../export/hr-time.ts";
import { DELTA, type Temporality } from "../export/metric-data.ts";
import { MetricPoints, type Stamp } from "../export/metric-points.ts";
import { appendModelPoints } from "../export/model-points.ts";
import { createProcessReader } from "../export/process-points.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { LookBook } from "./look-book.ts";
import { LookClock } from "./look-clock.ts";

export interface ReplayOptions {
  readonly temporality: Temporality;
  readonly lookMs: number;
  readonly maxQueuedLooks: number;
  readonly drops: DropCounter;
  /** Wall clock, for records that have no time. */
  readonly now: () => number;
}

interface ReplayModel {
  readonly attributes: Attributes;
  readonly counter: ModelCounter;
  readonly book: LookBook;
}

/** Counts by look of event time; a closed look waits, as points, for the next collection. */
export class ReplayAggregation implements Aggregation {
  readonly #options: ReplayOptions;
  readonly #clock: LookClock;
  readonly #process = createProcessReader();
  readonly #models: ReplayModel[] = [];
  readonly #queue: MetricPoints[] = [];

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#clock = new LookClock(options.lookMs);
  }

  addModel(attributes: Attributes, layout: ModelLayout): ModelCounter {
    const { drops, now } = this.#options;
    const book = new LookBook(() => new SegmentedAggregate(layout));
    const counter = new ModelCounter(layout, drops, (timeMs) =>
      book.aggregateAt(this.#clock.lookOf(timeMs === undefined ? now() : timeMs)),
    );
    this.#models.push({ attributes, counter, book });
    return counter;
  }

  get queuedLooks(): number {
    return this.#queue.length;
  }

  /** Closes the looks that event time has passed. Looks in which nothing was recorded have no points. */
  advanceTo(eventTimeMs: number): void {
    const open = this.#clock.advanceTo(eventTimeMs);
    for (const look of this.#openLooks()) if (look < open) this.#close(look);
  }

  /** Closes every look that something was recorded in. */
  closeAll(): void {
    for (const look of this.#openLooks()) {
      this.#clock.closeBelow(look + 1);
      this.#close(look);
    }
  }

  takePoints(): MetricPoints {
    const points = new MetricPoints(this.#options.temporality);
    for (const look of this.#queue) points.append(look);
    this.#queue.length = 0;
    return points;
  }

  #openLooks(): number[] {
    const looks = new Set(this.#models.flatMap(({ book }) => [...book.openLooks()]));
    return [...looks].sort((a, b) => a - b);
  }

  #close(look: number): void {
    const { temporality, drops, maxQueuedLooks } = this.#options;
    const isDelta = temporality === DELTA;
    const points = new MetricPoints(temporality);
    const endMs = this.#clock.endMs(look);
    const startMs = isDelta ? endMs - this.#options.lookMs : this.#clock.startMs;
    const stamp: Stamp = { start: toHrTime(startMs), end: toHrTime(endMs) };
    for (const { book, attributes, counter } of this.#models) {
      book.close(look, (closed) => {
        appendModelPoints(points, attributes, stamp, isDelta ? closed.look : closed.total);
        points.addSum("inferenceActive", stamp, attributes, counter.active);
      });
    }
    this.#process.appendPoints(points, stamp, isDelta);
    drops.appendPoints(points, stamp, isDelta);
    if (this.#queue.length >= maxQueuedLooks) {
      this.#queue.shift();
      drops.add("look_overflow", () => `more than ${maxQueuedLooks} closed looks waited for a collection`);
    }
    this.#queue.push(points);
  }
}
