import { PointDraft } from "../points/point-draft.ts";
import { readAttribute } from "./wire-attributes.ts";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT, type WireReader } from "./wire-reader.ts";

// opentelemetry.proto.metrics.v1: fields that NumberDataPoint and HistogramDataPoint share.
const START_TIME = tagOf(2, WIRE_FIXED64);
const TIME = tagOf(3, WIRE_FIXED64);

const NUMBER = {
  asDouble: tagOf(4, WIRE_FIXED64),
  asInt: tagOf(6, WIRE_FIXED64),
  attributes: tagOf(7, WIRE_LENGTH),
  flags: tagOf(8, WIRE_VARINT),
} as const;

const HISTOGRAM = {
  count: tagOf(4, WIRE_FIXED64),
  sum: tagOf(5, WIRE_FIXED64),
  bucketCount: tagOf(6, WIRE_FIXED64),
  bucketCounts: tagOf(6, WIRE_LENGTH),
  boundary: tagOf(7, WIRE_FIXED64),
  boundaries: tagOf(7, WIRE_LENGTH),
  attributes: tagOf(9, WIRE_LENGTH),
  flags: tagOf(10, WIRE_VARINT),
} as const;

/** The NumberDataPoint up to `end`. */
export function readNumberPoint(reader: WireReader, end: number): PointDraft {
  const point = new PointDraft();
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case START_TIME:
        point.startUnixNano = reader.fixed64(end);
        break;
      case TIME:
        point.timeUnixNano = reader.fixed64(end);
        break;
      case NUMBER.asDouble:
        point.value = reader.double(end);
        break;
      case NUMBER.asInt:
        point.value = reader.sfixed64(end);
        break;
      case NUMBER.attributes:
        readAttribute(reader, reader.contentEnd(end), point.attributes);
        break;
      case NUMBER.flags:
        point.flags = reader.uint32(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return point;
}

/** The HistogramDataPoint up to `end`; repeated numbers are taken packed and unpacked, as protobuf demands. */
export function readHistogramPoint(reader: WireReader, end: number): PointDraft {
  const point = new PointDraft();
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case START_TIME:
        point.startUnixNano = reader.fixed64(end);
        break;
      case TIME:
        point.timeUnixNano = reader.fixed64(end);
        break;
      case HISTOGRAM.count:
        point.count = reader.fixed64(end);
        break;
      case HISTOGRAM.sum:
        point.sum = reader.double(end);
        break;
      case HISTOGRAM.bucketCount:
        point.bucketCounts.push(reader.fixed64(end));
        break;
      case HISTOGRAM.bucketCounts:
        for (const stop = reader.contentEnd(end); reader.position < stop; )
          point.bucketCounts.push(reader.fixed64(stop));
        break;
      case HISTOGRAM.boundary:
        point.boundaries.push(reader.double(end));
        break;
      case HISTOGRAM.boundaries:
        for (const stop = reader.contentEnd(end); reader.position < stop; ) point.boundaries.push(reader.double(stop));
        break;
      case HISTOGRAM.attributes:
        readAttribute(reader, reader.contentEnd(end), point.attributes);
        break;
      case HISTOGRAM.flags:
        point.flags = reader.uint32(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return point;
}
