import { VALUE_STATES } from "@tidemark/semconv";

/* Positions of the value states in arrays of counts, one constant each: an object of them would cost the hot path. */
export const VALID = VALUE_STATES.indexOf("valid");
export const MISSING = VALUE_STATES.indexOf("missing");
export const TYPE_MISMATCH = VALUE_STATES.indexOf("type_mismatch");
export const OUT_OF_RANGE = VALUE_STATES.indexOf("out_of_range");
export const UNSEEN_CATEGORY = VALUE_STATES.indexOf("unseen_category");
export const NON_FINITE = VALUE_STATES.indexOf("non_finite");

/** Length of those arrays. */
export const STATE_COUNT = VALUE_STATES.length;
