import { MAX_VECTOR_LENGTH } from "@tidemark/semconv";

/** An array of numbers that is one value of a feature. */
export type VectorValue = readonly number[] | Float32Array | Float64Array;

/** Whether a value looks like a vector that may be sent, by its length and its first element: in constant time. */
export function isVector(value: unknown): value is VectorValue {
  const isArray = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
  return isArray && value.length > 0 && value.length <= MAX_VECTOR_LENGTH && typeof value[0] === "number";
}
