import { attr } from "@tidemark/semconv";
import { type AttributeSet, type AttributeValue, MAX_ATTRIBUTES, MAX_NESTING } from "../attribute-value.ts";
import {
  addInput,
  addVector,
  createInputsDraft,
  type InputsDraft,
  type RecordDraft,
  slotOfKey,
} from "../records/record-draft.ts";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT, type WireReader } from "./wire-reader.ts";
import { readVector } from "./wire-vector.ts";

// opentelemetry.proto.common.v1: KeyValue, AnyValue, ArrayValue and KeyValueList.
const KEY = tagOf(1, WIRE_LENGTH);
const VALUE = tagOf(2, WIRE_LENGTH);
const STRING_VALUE = tagOf(1, WIRE_LENGTH);
const BOOL_VALUE = tagOf(2, WIRE_VARINT);
const INT_VALUE = tagOf(3, WIRE_VARINT);
const DOUBLE_VALUE = tagOf(4, WIRE_FIXED64);
const ARRAY_VALUE = tagOf(5, WIRE_LENGTH);
const KVLIST_VALUE = tagOf(6, WIRE_LENGTH);
const BYTES_VALUE = tagOf(7, WIRE_LENGTH);
const LIST_VALUES = tagOf(1, WIRE_LENGTH);

/** Reads one attribute of a record into the draft, if it is one of ours; others are passed over. `end`: of the KeyValue. */
export function readRecordAttribute(reader: WireReader, end: number, draft: RecordDraft): void {
  draft.attributeCount++;
  const entry = readKeyValue(reader, end);
  if (entry.valueEnd < 0) return;
  const slot = slotOfKey(entry.key);
  if (slot !== undefined) {
    reader.position = entry.valueStart;
    draft.set(slot, readValue(reader, entry.valueEnd, 1, null));
  } else if (entry.key === attr.inferenceInputs) {
    readInputs(reader, entry.valueStart, entry.valueEnd, draft);
  }
  reader.position = end;
}

/** Reads one attribute into a set. `end`: of the KeyValue. */
export function readAttribute(reader: WireReader, end: number, set: AttributeSet): void {
  set.count++;
  // Beyond the limit they are only counted: whatever has that many is refused.
  if (set.count > MAX_ATTRIBUTES) {
    reader.position = end;
    return;
  }
  const { key, valueStart, valueEnd } = readKeyValue(reader, end);
  reader.position = valueStart;
  set.values.set(key, valueEnd < 0 ? null : readValue(reader, valueEnd, 1, set));
  reader.position = end;
}

interface KeyValueParts {
  readonly key: string;
  readonly valueStart: number;
  /** -1 without a value. */
  readonly valueEnd: number;
}

function readKeyValue(reader: WireReader, end: number): KeyValueParts {
  let key = "";
  let valueStart = end;
  let valueEnd = -1;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === KEY) {
      key = reader.text(end);
    } else if (tag === VALUE) {
      valueEnd = reader.contentEnd(end);
      valueStart = reader.position;
      reader.position = valueEnd;
    } else {
      reader.skip(tag, end);
    }
  }
  return { key, valueStart, valueEnd };
}

/** An AnyValue up to `end`. Maps and arrays nested beyond the limit are empty, and `set`, if given, is told. */
function readValue(reader: WireReader, end: number, depth: number, set: AttributeSet | null): AttributeValue {
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case STRING_VALUE:
        value = reader.text(end);
        break;
      case BOOL_VALUE:
        value = reader.int64(end) !== 0;
        break;
      case INT_VALUE:
        value = reader.int64(end);
        break;
      case DOUBLE_VALUE:
        value = reader.double(end);
        break;
      case BYTES_VALUE:
        value = reader.bytes(end);
        break;
      case ARRAY_VALUE:
      case KVLIST_VALUE:
        value = readNested(reader, reader.contentEnd(end), depth, set, tag === KVLIST_VALUE);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return value;
}

function readNested(
  reader: WireReader,
  end: number,
  depth: number,
  set: AttributeSet | null,
  isMap: boolean,
): AttributeValue {
  if (depth >= MAX_NESTING) {
    if (set !== null) set.tooDeep = true;
    reader.position = end;
    return isMap ? new Map() : [];
  }
  const items: AttributeValue[] = [];
  const entries = new Map<string, AttributeValue>();
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag !== LIST_VALUES) {
      reader.skip(tag, end);
      continue;
    }
    const itemEnd = reader.contentEnd(end);
    if (isMap) {
      const entry = readKeyValue(reader, itemEnd);
      reader.position = entry.valueStart;
      entries.set(entry.key, entry.valueEnd < 0 ? null : readValue(reader, entry.valueEnd, depth + 1, set));
      reader.position = itemEnd;
    } else {
      items.push(readValue(reader, itemEnd, depth + 1, set));
    }
  }
  return isMap ? entries : items;
}

/** The AnyValue of `ml.inference.inputs`, one level deep: what is neither scalar nor vector is noted and passed over. */
function readInputs(reader: WireReader, start: number, end: number, draft: RecordDraft): void {
  reader.position = start;
  draft.inputs = null;
  draft.inputsValue = undefined;
  const tag = reader.position < end ? reader.tag(end) : 0;
  if (tag !== KVLIST_VALUE) {
    reader.position = start;
    draft.inputsValue = readValue(reader, end, MAX_NESTING, null);
    return;
  }
  const inputs = createInputsDraft();
  const listEnd = reader.contentEnd(end);
  while (reader.position < listEnd) {
    const itemTag = reader.tag(listEnd);
    if (itemTag === LIST_VALUES) readInput(reader, reader.contentEnd(listEnd), inputs);
    else reader.skip(itemTag, listEnd);
  }
  draft.inputs = inputs;
}

function readInput(reader: WireReader, end: number, inputs: InputsDraft): void {
  const { key, valueStart, valueEnd } = readKeyValue(reader, end);
  reader.position = valueStart;
  if (valueEnd > valueStart && reader.tag(valueEnd) === ARRAY_VALUE) {
    addVector(inputs, key, readVector(reader, reader.contentEnd(valueEnd)));
  } else {
    reader.position = valueStart;
    addInput(inputs, key, valueEnd < 0 ? null : readValue(reader, valueEnd, MAX_NESTING, null));
  }
  reader.position = end;
}
