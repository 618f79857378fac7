import { MAX_VECTOR_LENGTH } from "@tidemark/semconv";
import { toDouble, toIntValue, toList, toObject } from "./json-value.ts";

/**
 * The numbers of an ArrayValue, rounded to single precision, NaN for an element without a value; null where it is empty or too long, or
 * where an element is anything else.
 */
export function toVector(arrayValue: unknown): Float32Array | null {
  const items = toList(toObject(arrayValue, "arrayValue")["values"], "arrayValue.values");
  if (items.length === 0 || items.length > MAX_VECTOR_LENGTH) return null;
  const elements = new Float32Array(items.length);
  for (let index = 0; index < items.length; index++) {
    const item = toObject(items[index] ?? {}, "arrayValue.values[]");
    const { doubleValue, intValue } = item;
    // The JavaScript exporter writes NaN as null.
    if (doubleValue === null) elements[index] = Number.NaN;
    else if (doubleValue !== undefined) elements[index] = toDouble(doubleValue, "doubleValue");
    else if (intValue !== undefined && intValue !== null) elements[index] = Number(toIntValue(intValue));
    else if (Object.keys(item).length === 0) elements[index] = Number.NaN;
    else return null;
  }
  return elements;
}
