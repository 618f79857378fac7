export type { FeatureRow } from "./aggregate/feature-row.ts";
export { withInferenceId } from "./auto/inference-id.ts";
export { TidemarkInstrumentation, type TidemarkInstrumentationConfig } from "./auto/tidemark-instrumentation.ts";
export type { LibraryName } from "./config/auto-config.ts";
export { createTidemark, type Tidemark } from "./create-tidemark.ts";
export type { Logger, LoggerProvider } from "./events/find-logger.ts";
export type { InputPolicies, InputPolicy } from "./events/input-filter.ts";
export type { MetricProducer } from "./export/metric-data.ts";
export type { EventContent, FeatureKind, ModelDescription } from "./model-description.ts";
export type { RecordProcessorOptions } from "./outbox/create-record-processor.ts";
export type { ExportResult, LogRecordExporter, LogRecordProcessor } from "./outbox/log-sdk.ts";
export type { RecordProcessorLimits } from "./outbox/record-processor.ts";
export type { ProfileSource } from "./profile/load-profile.ts";
export type { CategoricalFieldJson, NumericFieldJson, ProfileFieldJson, ProfileJson } from "./profile/profile-json.ts";
export type { ClassLabel } from "./record/label-text.ts";
export type { ModelRecorder, PredictOptions } from "./record/model-recorder.ts";
export type {
  BatchRecord,
  CountedPrediction,
  EnsemblePrediction,
  Inputs,
  MemberBatch,
  MemberPrediction,
  Outcome,
  Prediction,
  PredictionRecord,
} from "./record/record-types.ts";
export type { DropReason } from "./safety/drop-counter.ts";
export type { Sampling, Stratum } from "./sampling/sampling.ts";
export type { ProfileOptions, TidemarkOptions } from "./tidemark-options.ts";
