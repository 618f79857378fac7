import { attributes } from "./attributes.ts";

/** Verdicts, from healthy to silent. */
export const MONITOR_STATES = attributes.monitorState.values;
export type MonitorState = (typeof MONITOR_STATES)[number];

/** What was found in place of a feature's value. */
export const VALUE_STATES = attributes.featureValueState.values;
export type ValueState = (typeof VALUE_STATES)[number];

/** What values and windows are held to. */
export const QUALITY_RULES = attributes.qualityRule.values;
export type QualityRuleName = (typeof QUALITY_RULES)[number];
