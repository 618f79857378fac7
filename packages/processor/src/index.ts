export type { Page } from "./api/page-routes.ts";
export type { IncidentFilter, ModelEntry, ReadApi } from "./api/read-api.ts";
export type { ModelStatus, ProcessorStatus } from "./api/status.ts";
export { type Processor, type ProcessorOptions, startProcessor } from "./start-processor.ts";
export type { MeasurementFilter } from "./store/measurements.ts";
export type { ModelKey } from "./store/models.ts";
export type { StoredProfile } from "./store/profiles.ts";
export type { StoredPrediction } from "./store/read-prediction.ts";
