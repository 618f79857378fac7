import { type BucketDraft, createExponentialDraft, PointDraft } from "../points/point-draft.ts";
import { readAttribute } from "./wire-attributes.ts";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT, type WireReader } from "./wire-reader.ts";

// opentelemetry.proto.metrics.v1: ExponentialHistogramDataPoint and its Buckets.
const ATTRIBUTES = tagOf(1, WIRE_LENGTH);
const START_TIME = tagOf(2, WIRE_FIXED64);
const TIME = tagOf(3, WIRE_FIXED64);
const COUNT = tagOf(4, WIRE_FIXED64);
const SUM = tagOf(5, WIRE_FIXED64);
const SCALE = tagOf(6, WIRE_VARINT);
const ZERO_COUNT = tagOf(7, WIRE_FIXED64);
const POSITIVE = tagOf(8, WIRE_LENGTH);
const NEGATIVE = tagOf(9, WIRE_LENGTH);
const FLAGS = tagOf(10, WIRE_VARINT);
const ZERO_THRESHOLD = tagOf(14, WIRE_FIXED64);
const OFFSET = tagOf(1, WIRE_VARINT);
const BUCKET_COUNT = tagOf(2, WIRE_VARINT);
const BUCKET_COUNTS = tagOf(2, WIRE_LENGTH);

/** The ExponentialHistogramDataPoint up to `end`. */
export function readExponentialPoint(reader: WireReader, end: number): PointDraft {
  const point = new PointDraft();
  const exponential = createExponentialDraft();
  point.exponential = exponential;
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case ATTRIBUTES:
        readAttribute(reader, reader.contentEnd(end), point.attributes);
        break;
      case START_TIME:
        point.startUnixNano = reader.fixed64(end);
        break;
      case TIME:
        point.timeUnixNano = reader.fixed64(end);
        break;
      case COUNT:
        point.count = reader.fixed64(end);
        break;
      case SUM:
        point.sum = reader.double(end);
        break;
      case SCALE:
        exponential.scale = signed32(reader, end);
        break;
      case ZERO_COUNT:
        exponential.zeroCount = reader.fixed64(end);
        break;
      case POSITIVE:
        readBuckets(reader, reader.contentEnd(end), exponential.positive);
        break;
      case NEGATIVE:
        readBuckets(reader, reader.contentEnd(end), exponential.negative);
        break;
      case FLAGS:
        point.flags = reader.uint32(end);
        break;
      case ZERO_THRESHOLD:
        exponential.zeroThreshold = reader.double(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return point;
}

/** Counts may come packed or one by one; a message that comes in pieces adds up, as protobuf has it. */
function readBuckets(reader: WireReader, end: number, buckets: BucketDraft): void {
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === OFFSET) buckets.offset = signed32(reader, end);
    else if (tag === BUCKET_COUNT) buckets.counts.push(unsigned64(reader, end));
    else if (tag === BUCKET_COUNTS) {
      for (const stop = reader.contentEnd(end); reader.position < stop; ) buckets.counts.push(unsigned64(reader, stop));
    } else reader.skip(tag, end);
  }
}

/** sint32: zigzag. */
function signed32(reader: WireReader, end: number): number {
  const value = reader.uint32(end);
  return (value >>> 1) ^ -(value & 1);
}

function unsigned64(reader: WireReader, end: number): bigint {
  return BigInt.asUintN(64, BigInt(reader.int64(end)));
}
