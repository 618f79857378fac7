import type { Attributes } from "@opentelemetry/api";
import type { MetricPoints } from "../export/metric-points.ts";
import type { ModelPlan } from "./feature-plan.ts";
import type { ModelAggregate } from "./model-aggregate.ts";

/** Where the predictions of one model are counted. */
export interface ModelCounter {
  /** The counts that a prediction of this event time (Unix milliseconds) goes into. */
  aggregateAt(timeMs: number): ModelAggregate;
  /** Calls in flight. */
  active: number;
}

/** Counts in the process and gives points: live, stamped with wall time, or under replay, stamped with event time. */
export interface Aggregation {
  addModel(attributes: Attributes, plan: ModelPlan): ModelCounter;
  /** The points since the last time (delta, and replay) or since the start (cumulative). */
  takePoints(): MetricPoints;
}
