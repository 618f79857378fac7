import type { OutcomeGroup } from "../window-aggregate.ts";
import type { ScoredTask } from "./scored-task.ts";

/** The true class of a row; null where its outcome is none. */
export function trueClassOf(
  { positiveLabel }: ScoredTask,
  group: Pick<OutcomeGroup, "outcomeKind" | "outcomeLabel" | "outcomeValue">,
): string | null {
  if (group.outcomeKind !== "click" && group.outcomeKind !== "conversion") return group.outcomeLabel;
  return group.outcomeValue === 0 ? `not ${positiveLabel}` : positiveLabel;
}
