import { VALUE_STATES, type ValueState } from "@tidemark/semconv";

/** Position of each value state in the count arrays. */
export const STATE = Object.fromEntries(VALUE_STATES.map((state, index) => [state, index])) as Readonly<
  Record<ValueState, number>
>;

/** Length of those arrays. */
export const STATE_COUNT = VALUE_STATES.length;
