import { MAX_VECTOR_LENGTH } from "@tidemark/semconv";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT, type WireReader } from "./wire-reader.ts";

// opentelemetry.proto.common.v1: ArrayValue and AnyValue.
const LIST_VALUES = tagOf(1, WIRE_LENGTH);
const INT_VALUE = tagOf(3, WIRE_VARINT);
const DOUBLE_VALUE = tagOf(4, WIRE_FIXED64);

/** Where the elements of the vector at hand are gathered: most vectors have several hundred. */
const elements = new Float32Array(MAX_VECTOR_LENGTH);

/**
 * The numbers of an ArrayValue up to `end`, rounded to single precision; null where it is empty or too long, or where an
 * element is no number.
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
    const kind = reader.position < itemEnd ? reader.tag(itemEnd) : 0;
    if (length < MAX_VECTOR_LENGTH && (kind === DOUBLE_VALUE || kind === INT_VALUE)) {
      elements[length++] = kind === DOUBLE_VALUE ? reader.double(itemEnd) : Number(reader.int64(itemEnd));
    } else isVector = false;
    reader.position = itemEnd;
  }
  return isVector && length > 0 ? elements.slice(0, length) : null;
}
