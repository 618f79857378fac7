/** Feature values as numbers, in the declared order of the features; a categorical feature has a code. */
export type FeatureRow =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** Whether inputs are a row and not an object by name. BigInts are no feature values. */
export function isFeatureRow(inputs: unknown): inputs is FeatureRow {
  return ArrayBuffer.isView(inputs) && typeof (inputs as FeatureRow)[0] !== "bigint" && !(inputs instanceof DataView);
}
