import type { ProfileField } from "@tidemark/schema";
import type { JudgeOptions } from "@tidemark/stats";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * How far a window may differ from its season slots by chance: the inflation within an hour, and what whole hours, days or
 * weeks of the reference differ by, of the longest of them that the window holds whole. A profile that does not know its
 * periods has the inflation alone.
 */
export function seasonalSpread(
  slots: readonly [number, number],
  periods: ProfileField["varianceInflation"]["periods"],
  windowMs: number,
): Pick<JudgeOptions, "variance" | "between"> {
  if (periods === undefined) return { variance: slots };
  const { withinHour, hour, day, week } = periods;
  return { variance: withinHour, between: windowMs >= WEEK_MS ? week : windowMs >= DAY_MS ? day : hour };
}
