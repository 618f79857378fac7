import type { FirstCause } from "@tidemark/schema";
import type { JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import type { FindCause, FindingsBySignal } from "./cause-context.ts";
import { findNewCategory, findNulls, findTypeChange } from "./find-rule-break.ts";
import { findShift } from "./find-shift.ts";
import { findSilence } from "./find-silence.ts";
import { findStuck } from "./find-stuck.ts";
import { findUnitChange } from "./find-unit-change.ts";

/** Causes in the order in which they are looked for: what comes first would explain all that follows. */
const CAUSES: readonly FindCause[] = [
  findSilence,
  findNulls,
  findUnitChange,
  findStuck,
  findTypeChange,
  findNewCategory,
];

/**
 * The first cause of whatever is not ok in a window (ESTIMATION 2.4): silence, then data faults (missing values, a change of
 * unit, a stuck value, a change of type, a new category), then a shift of the features or of the concept.
 *
 * One cause a window: a change of unit in a feature is also why the predictions drift and the performance falls. A hint
 * where to look first, with the numbers; an association, not a proof.
 *
 * @param findings what every signal found in this window.
 * @returns `unknown` where nothing explains the findings.
 */
export function findFirstCause(
  aggregate: WindowAggregate,
  findings: FindingsBySignal,
  context: JudgeContext,
): FirstCause {
  const of = { aggregate, findings, context };
  for (const find of CAUSES) {
    const cause = find(of);
    if (cause !== null) return cause;
  }
  return findShift(of);
}
