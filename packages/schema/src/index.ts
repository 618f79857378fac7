export { type Config, configSchema } from "./config.ts";
export { canonicalJson, contentHash } from "./content-hash.ts";
export { type CredentialsFile, DEFAULT_TENANT, parseCredentials, SCOPES, type Scope } from "./credentials.ts";
export { durationSchema, parseDuration } from "./duration.ts";
export type { EmbeddingProfile } from "./embedding-profile.ts";
export type { EnsembleProposal } from "./ensemble-proposal.ts";
export { type Explanation, explanationSchema } from "./explanation.ts";
export { configJsonSchema, responderJsonSchema } from "./json-schema.ts";
export type { KafkaConfig } from "./kafka-config.ts";
export {
  type BinShares,
  CAUSE_KINDS,
  type CauseKind,
  type Evidence,
  type FirstCause,
  firstCauseSchema,
  type Incident,
  incidentSchema,
  type JoinedIncident,
  joinedIncidentSchema,
  type Measurement,
  measurementSchema,
  SIGNAL_NAMES,
  type SignalName,
  TARGET_KINDS,
  type Target,
  type TargetKind,
} from "./measurement.ts";
export { type ModelConfig, modelConfigSchema } from "./model-config.ts";
export { MAX_JOINT_FEATURES, MAX_PAIRS, MAX_SLICES, type MultivariateProfile } from "./multivariate-profile.ts";
export {
  type ConfigProblem,
  type ConfigResult,
  parseConfig,
  parseResponderConfig,
} from "./parse-config.ts";
export {
  type CategoricalField,
  type ClassEstimation,
  type ErrorEstimation,
  MODEL_TYPES,
  type ModelType,
  type NumericField,
  type Profile,
  type ProfileField,
  profileSchema,
  type ReferenceRisk,
  type SegmentRisk,
} from "./profile.ts";
export {
  DEPLOYMENT_ROLES,
  type DeploymentRole,
  type InputValue,
  type MetricPoint,
  OUTCOME_KINDS,
  type OutcomeKind,
  type OutcomeRecord,
  outcomeRecordSchema,
  type PredictionRecord,
  predictionRecordSchema,
} from "./records.ts";
export type { RepeatCurve } from "./repeat-curve.ts";
export {
  type ActionConfig,
  DATA_FAULT_CAUSES,
  DEFAULT_RESPONDER_STATE,
  PEOPLE_ROLES,
  type PeopleRole,
  type PolicyStep,
  type ResponderConfig,
  type ResponderPolicy,
  RUNGS,
  type Rung,
} from "./responder-config.ts";
export type { Schedule } from "./schedule.ts";
export { type ScheduleTimes, scheduleTimes } from "./schedule-times.ts";
export { matchesPattern } from "./text-pattern.ts";
export { timeZoneSchema } from "./time-zone.ts";
export type { VarietyCurve } from "./variety-curve.ts";
