import type { Attributes } from "@opentelemetry/api";
import type { MetricPoints } from "../export/metric-points.ts";
import type { ModelCounter } from "./model-counter.ts";
import type { ModelLayout } from "./model-layout.ts";

/** Counts in the process and gives points: live, stamped with wall time, or under replay, stamped with event time. */
export interface Aggregation {
  addModel(attributes: Attributes, layout: ModelLayout): ModelCounter;
  /** The points since the last time (delta, and replay) or since the start (cumulative). */
  takePoints(): MetricPoints;
}
