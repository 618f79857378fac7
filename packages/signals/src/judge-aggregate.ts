import type { FindingsBySignal } from "./cause/cause-context.ts";
import { signals } from "./signals.ts";
import type { JudgeContext, WindowAggregate } from "./window-aggregate.ts";

/** What every signal finds in one window, by signal. Pure: the same input gives the same findings to the bit. */
export function judgeAggregate(aggregate: WindowAggregate, context: JudgeContext): FindingsBySignal {
  return Object.fromEntries(
    signals.map((signal) => [signal.name, signal.judge(aggregate, context)]),
  ) as unknown as FindingsBySignal;
}
