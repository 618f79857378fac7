import { attr } from "@tidemark/semconv";
import { type AttributeSet, type AttributeValue, MAX_ATTRIBUTES, MAX_NESTING } from "../attribute-value.ts";
import { addInput, addVector, createInputsDraft, type RecordDraft, slotOfKey } from "../records/record-draft.ts";
import { fail, toBytes, toDouble, toIntValue, toList, toObject, toText } from "./json-value.ts";
import { toVector } from "./json-vector.ts";

/** Reads the attributes of a record that are ours into the draft. */
export function readRecordAttributes(attributes: unknown, draft: RecordDraft): void {
  for (const item of toList(attributes, "attributes")) {
    draft.attributeCount++;
    const entry = toObject(item, "attributes[]");
    const key = toText(entry["key"], "attributes[].key");
    const slot = slotOfKey(key);
    if (slot !== undefined) draft.set(slot, toValue(entry["value"], 1, null));
    else if (key === attr.inferenceInputs) readInputs(entry["value"], draft);
  }
}

/** Reads all attributes into a set. */
export function readAttributes(attributes: unknown, set: AttributeSet): void {
  for (const item of toList(attributes, "attributes")) {
    set.count++;
    // Beyond the limit they are only counted: whatever has that many is refused.
    if (set.count > MAX_ATTRIBUTES) continue;
    const entry = toObject(item, "attributes[]");
    set.values.set(toText(entry["key"], "attributes[].key"), toValue(entry["value"], 1, set));
  }
}

/** An AnyValue. Maps and arrays nested beyond the limit are empty, and `set`, if given, is told. */
function toValue(value: unknown, depth: number, set: AttributeSet | null): AttributeValue {
  if (value === undefined || value === null) return null;
  const any = toObject(value, "a value");
  if (isSet(any["stringValue"])) return toText(any["stringValue"], "stringValue");
  if (isSet(any["boolValue"])) return toBoolean(any["boolValue"]);
  if (isSet(any["intValue"])) return toIntValue(any["intValue"]);
  if (isSet(any["doubleValue"])) return toDouble(any["doubleValue"], "doubleValue");
  if (isSet(any["bytesValue"])) return toBytes(any["bytesValue"], "bytesValue");
  const isArray = isSet(any["arrayValue"]);
  if (!isArray && !isSet(any["kvlistValue"])) return null;
  if (depth >= MAX_NESTING) {
    if (set !== null) set.tooDeep = true;
    return isArray ? [] : new Map();
  }
  if (isArray) {
    const { values } = toObject(any["arrayValue"], "arrayValue");
    return toList(values, "arrayValue.values").map((item) => toValue(item, depth + 1, set));
  }
  return new Map(
    entriesOf(any["kvlistValue"]).map((entry) => [
      toText(entry["key"], "key"),
      toValue(entry["value"], depth + 1, set),
    ]),
  );
}

/** The AnyValue of `ml.inference.inputs`, one level deep: what is neither scalar nor vector is noted and left out. */
function readInputs(value: unknown, draft: RecordDraft): void {
  draft.inputs = null;
  draft.inputsValue = undefined;
  const any = value === undefined || value === null ? {} : toObject(value, "a value");
  if (!isSet(any["kvlistValue"])) {
    draft.inputsValue = toValue(any, MAX_NESTING, null);
    return;
  }
  draft.inputs = createInputsDraft();
  for (const entry of entriesOf(any["kvlistValue"])) {
    const key = toText(entry["key"], "key");
    const { arrayValue } = toObject(entry["value"] ?? {}, "a value");
    if (isSet(arrayValue)) addVector(draft.inputs, key, toVector(arrayValue));
    else addInput(draft.inputs, key, toValue(entry["value"], MAX_NESTING, null));
  }
}

function entriesOf(kvlist: unknown): Readonly<Record<string, unknown>>[] {
  const { values } = toObject(kvlist, "kvlistValue");
  return toList(values, "kvlistValue.values").map((item) => toObject(item, "kvlistValue.values[]"));
}

function toBoolean(value: unknown): boolean {
  return typeof value === "boolean" ? value : fail("boolValue", value, "true or false");
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
