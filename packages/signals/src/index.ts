export type { FindingsBySignal } from "./cause/cause-context.ts";
export { findFirstCause } from "./cause/find-first-cause.ts";
export { judgeAggregate } from "./judge-aggregate.ts";
export { SCORES, type ScoreDefinition, type ScoreKey } from "./performance/score-table.ts";
export { signals } from "./signals.ts";
export type {
  FieldCounts,
  Finding,
  JudgeContext,
  OutcomeGroup,
  ServiceCounts,
  Signal,
  SlotCounts,
  WindowAggregate,
} from "./window-aggregate.ts";
