import type { FirstCause, SignalName } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { numberText } from "../number-text.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { type CauseContext, type FindingsBySignal, type FindSuspect, largestBy } from "./cause-context.ts";
import { findBeyondRange } from "./find-beyond-range.ts";
import { findImportantMissing } from "./find-important-missing.ts";
import { findNewCategory, findNulls, findTypeChange } from "./find-rule-break.ts";
import { findShift } from "./find-shift.ts";
import { findSilence } from "./find-silence.ts";
import { findSilentFeature } from "./find-silent-feature.ts";
import { findStuck } from "./find-stuck.ts";
import { findUnitChange } from "./find-unit-change.ts";
import { findVectorFault } from "./find-vector-fault.ts";

/** Faults of the data; of several the one that touches most rows is the cause. */
const FAULTS: readonly FindSuspect[] = [
  findNulls,
  findSilentFeature,
  findUnitChange,
  findBeyondRange,
  findStuck,
  findTypeChange,
  findVectorFault,
];

/** What is critical is explained first; warnings are its causes only where nothing critical is. */
const LEVELS: readonly (readonly MonitorState[])[] = [
  ["critical", "no_data"],
  ["critical", "no_data", "warning"],
];

/**
 * The first cause of whatever is not ok in a window (ESTIMATION 2.4): silence, then a missing feature of importance, then the data fault that touches most rows
 * (missing values or none at all, a change of unit, a stuck value, a change of type), then new categories, then a shift of the features
 * or of the concept. What is critical is explained before what warns.
 *
 * One cause a window: a change of unit in a feature is also why the predictions drift and the performance falls. A hint
 * where to look first, with the numbers; an association, not a proof.
 *
 * @param findings what every signal found in this window.
 * @returns `unknown` where nothing explains the findings; null where nothing is raised.
 */
export function findFirstCause(
  aggregate: WindowAggregate,
  findings: FindingsBySignal,
  context: JudgeContext,
): FirstCause | null {
  for (const level of LEVELS) {
    const cause = causeOf({ aggregate, raised: raisedTo(findings, level), context });
    if (cause !== null) return cause;
  }
  const worst = LEVELS.flatMap((level) => Object.values(raisedTo(findings, level)).flat())[0];
  return worst === undefined ? null : unknownCause(worst);
}

function raisedTo(findings: FindingsBySignal, level: readonly MonitorState[]): FindingsBySignal {
  const raised = (name: SignalName) =>
    findings[name].filter((finding) => finding.state !== null && level.includes(finding.state));
  return {
    drift: raised("drift"),
    data_quality: raised("data_quality"),
    performance: raised("performance"),
    service: raised("service"),
    comparison: [],
    estimation: [],
    control: [],
    ensemble: [],
    attribution: raised("attribution"),
  };
}

function causeOf(of: CauseContext): FirstCause | null {
  const silence = findSilence(of);
  if (silence !== null) return silence.cause;
  const important = findImportantMissing(of);
  if (important !== null) return important.cause;
  const faults = FAULTS.flatMap((find) => find(of) ?? []);
  const widest = largestBy(faults, (fault) => fault.touchedRatio);
  return widest?.cause ?? findNewCategory(of)?.cause ?? findShift(of);
}

function unknownCause(worst: Finding): FirstCause {
  return {
    kind: "unknown",
    target: worst.target.name,
    explanation:
      `${worst.target.name} is ${worst.state} (${worst.metric} ${numberText(worst.value ?? 0)}), ` +
      "and neither a data fault nor a drifting feature explains it.",
  };
}
