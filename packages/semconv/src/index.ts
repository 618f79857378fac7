export { attr, attributes, OTHER_CATEGORY } from "./attributes.ts";
export { MAX_PROBABILITY_CLASSES, probabilitySumTolerance } from "./class-limits.ts";
export type {
  AttributeDefinition,
  AttributeType,
  ErrorDefinition,
  EventDefinition,
  Instrument,
  MetricDefinition,
  Requirement,
} from "./definition.ts";
export { type ErrorKey, errors, TidemarkError } from "./errors.ts";
export { event, events } from "./events.ts";
export { metric, metrics } from "./metrics.ts";
export { nearestName } from "./nearest-name.ts";
export { prometheusLabel } from "./prometheus-label.ts";
export { prometheusName } from "./prometheus-name.ts";
export { SCHEMA_URL, SCOPE_NAME } from "./scope.ts";
export {
  MONITOR_STATES,
  type MonitorState,
  QUALITY_RULES,
  type QualityRuleName,
  VALUE_STATES,
  type ValueState,
} from "./states.ts";
export { MAX_VECTOR_LENGTH, MAX_VECTORS } from "./vector-limits.ts";
export { fromEventNumber, toEventNumber } from "./wide-number.ts";
