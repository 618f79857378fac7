import { MAX_VECTOR_LENGTH } from "@tidemark/semconv";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT, type WireReader } from "./wire-reader.ts";

// opentelemetry.proto.common.v1: ArrayValue and AnyValue.
const LIST_VALUES = tagOf(1, WIRE_LENGTH);
const INT_VALUE = tagOf(3, WIRE_VARINT);
const DOUBLE_VALUE = tagOf(4, WIRE_FIXED64);

const NO_VALUE = 0;

/** Where the elements of the vector at hand are gathered: most vectors have several hundred. */
const elements = new Float32Array(MAX_VECTOR_LENGTH);

/**
 * The numbers of an ArrayValue up to `end`, rounded to single precision, NaN for an element without a value; null where it is empty or
 * too long, or where an element is anything else.
 */
export function readVector(reader: WireReader, end: number): Float32Array | null {
  let length = 0;
  let isVector = true;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag !== LIST_VALUES) {
      reader.skip(tag, end);
      continue;
    }
    const itemEnd = reader.contentEnd(end);
    const kind = reader.position < itemEnd ? reader.tag(itemEnd) : NO_VALUE;
    if (length === MAX_VECTOR_LENGTH) isVector = false;
    else if (kind === DOUBLE_VALUE) elements[length++] = reader.double(itemEnd);
    else if (kind === INT_VALUE) elements[length++] = Number(reader.int64(itemEnd));
    else if (kind === NO_VALUE) elements[length++] = Number.NaN;
    else isVector = false;
    reader.position = itemEnd;
  }
  return isVector && length > 0 ? elements.slice(0, length) : null;
}
