/**
 * The value of an OTLP attribute, the same from both encodings: integers are numbers where a double holds them exactly
 * and bigints elsewhere; null is an AnyValue without a value; a Map is a kvlist.
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** Attributes of a resource, a scope or a point. */
export interface AttributeSet {
  readonly values: Map<string, AttributeValue>;
  /** Attributes on the wire; repeated keys count each time, the last one's value stands. */
  count: number;
  /** Something was nested deeper than MAX_NESTING and is empty here. */
  tooDeep: boolean;
}

/** More attributes than this on a record, point, resource or scope: the record is rejected. */
export const MAX_ATTRIBUTES = 256;
/** Maps and arrays inside each other; beyond it the record is rejected. */
export const MAX_NESTING = 8;
/** Features in one `ml.inference.inputs`. */
export const MAX_INPUTS = 4_096;

export function createAttributeSet(): AttributeSet {
  return { values: new Map(), count: 0, tooDeep: false };
}

/** A value in a message to a person: its type and, where it is short, the value itself. */
export function describeValue(value: AttributeValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (typeof value === "string")
    return value.length > 40 ? `"${value.slice(0, 40)}…" (${value.length} characters)` : `"${value}"`;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value instanceof Map ? "a map" : "an array";
}
