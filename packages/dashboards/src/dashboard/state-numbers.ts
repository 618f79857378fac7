import type { MonitorState } from "@tidemark/semconv";

/** Numbers that the state timeline draws, 0 being ok; the largest of a target's verdicts wins. */
export const STATE_NUMBERS = {
  insufficient_data: 1,
  warning: 2,
  critical: 3,
  no_data: 4,
} as const satisfies Partial<Record<MonitorState, number>>;
