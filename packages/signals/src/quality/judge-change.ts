import {
  createDetectionReference,
  type JudgeOptions,
  judgeWindow,
  type WindowPart,
  type WindowVerdict,
} from "@tidemark/stats";
import type { Violations } from "./rules.ts";

/**
 * Whether a rule is broken more or less often than in the reference, by the detector on two bins: kept and broken. That the change is large
 * enough to matter is the caller's to find, by the share's own line.
 *
 * @param parts by season slot, where the rule is counted by slot. @param overall of all slots together, where there are several.
 */
export function judgeChange(
  parts: readonly Violations[],
  spread: Pick<JudgeOptions, "variance" | "between">,
  overall?: Violations,
): WindowVerdict {
  const whole = overall === undefined ? {} : { overall: partOf(overall) };
  return judgeWindow(parts.map(partOf), { ...spread, ...whole, matters: true });
}

function partOf({ rows, broken, referenceRows, referenceBroken }: Violations): WindowPart {
  const kept = Math.max(0, referenceRows - referenceBroken);
  return {
    reference: createDetectionReference([kept, referenceBroken], "categorical"),
    counts: [rows - broken, broken],
  };
}
