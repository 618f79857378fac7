export type { Page } from "./api/page-routes.ts";
export type { IncidentFilter, ModelEntry, ReadApi, ShownPrediction } from "./api/read-api.ts";
export type { ModelStatus, ProcessorStatus, ScheduleStatus } from "./api/status.ts";
export { isPublished } from "./evaluate/is-published.ts";
export {
  type OutcomeFile,
  type OutcomeFileOptions,
  type OutcomeRow,
  openOutcomeFile,
} from "./label/open-outcome-file.ts";
export { loadModels } from "./pipeline/load-models.ts";
export { readProfileFile } from "./pipeline/read-profile-file.ts";
export type { BuildProfileOptions, BuildProgress, DataFormat } from "./profile/build-options.ts";
export { buildProfile } from "./profile/build-profile.ts";
export { type LogRecord, openRecordFile, type RecordFile, type RecordFileOptions } from "./replay/open-record-file.ts";
export { compareFeatures } from "./skew/compare-features.ts";
export type { FeatureSkew, SkewExample, SkewExplanation, SkewReport } from "./skew/feature-skew.ts";
export { type Processor, type ProcessorOptions, startProcessor } from "./start-processor.ts";
export { type BackupDescription, backupStore, readBackup, restoreStore } from "./store/backup.ts";
export { clearResults } from "./store/clear-results.ts";
export { folderOwner } from "./store/folder-lock.ts";
export { type MeasurementFilter, readMeasurements } from "./store/measurements.ts";
export type { ModelKey } from "./store/models.ts";
export { openStore } from "./store/open-store.ts";
export type { OutcomeSummary } from "./store/outcome-summary.ts";
export type { StoredProfile } from "./store/profiles.ts";
export type { StoredComparison } from "./store/read-comparisons.ts";
export type { EnsembleValue, StoredEnsemble } from "./store/read-ensembles.ts";
export type { StoredPrediction } from "./store/read-prediction.ts";
