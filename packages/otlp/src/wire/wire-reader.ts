import { OtlpDecodeError } from "../otlp-decode-error.ts";
import { TextCache } from "./text-cache.ts";

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_LENGTH = 2;
const WIRE_FIXED32 = 5;

/** The tag of a field as it stands on the wire: number and wire type in one. */
export function tagOf(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

/**
 * Walks protobuf bytes without generated code. Every read is told where the enclosing message ends and throws
 * OtlpDecodeError rather than pass it; every read advances, so a walk ends. Source: protobuf encoding guide.
 */
export class WireReader {
  readonly length: number;
  position = 0;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private readonly cache = new TextCache();

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.byteLength;
  }

  /** Number and wire type of the next field. */
  tag(end: number): number {
    const tag = this.uint32(end);
    if (tag >>> 3 === 0) this.fail("field number 0");
    return tag;
  }

  /** Length of the next message, text or bytes, turned into the position where it ends. */
  contentEnd(end: number): number {
    const length = this.uint32(end);
    if (length > end - this.position) this.fail(`a length of ${length} where ${end - this.position} bytes are left`);
    return this.position + length;
  }

  /** Calls `onMessage` with the end of every message under `tag` up to `end`; it must read up to there. Skips other fields. */
  each(end: number, tag: number, onMessage: (messageEnd: number) => void): void {
    while (this.position < end) {
      const found = this.tag(end);
      if (found === tag) onMessage(this.contentEnd(end));
      else this.skip(found, end);
    }
  }

  uint32(end: number): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte(end);
      if (shift === 28 && byte > 15) this.fail("a number beyond 32 bits");
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    return this.fail("a varint without an end");
  }

  /** A signed 64-bit varint: a number where a double holds it exactly, else a bigint. */
  int64(end: number): number | bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte(end);
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let byte = this.byte(end);
    low |= (byte & 0x0f) << 28;
    let high = (byte & 0x70) >> 4;
    for (let shift = 3; byte >= 0x80; shift += 7) {
      if (shift > 31) this.fail("a varint of more than ten bytes");
      byte = this.byte(end);
      high |= (byte & 0x7f) << shift;
    }
    return toInteger(low, high);
  }

  /** Unsigned 64 bits, little endian. */
  fixed64(end: number): bigint {
    return this.view.getBigUint64(this.take(8, end), true);
  }

  /** Signed 64 bits, little endian: a number where a double holds it exactly, else a bigint. */
  sfixed64(end: number): number | bigint {
    const at = this.take(8, end);
    return toInteger(this.view.getInt32(at, true), this.view.getInt32(at + 4, true));
  }

  double(end: number): number {
    return this.view.getFloat64(this.take(8, end), true);
  }

  /** UTF-8 text; bytes that are no UTF-8 become U+FFFD. */
  text(end: number): string {
    const stop = this.contentEnd(end);
    const start = this.position;
    this.position = stop;
    if (stop - start <= TextCache.maxBytes) return this.cache.get(this.buffer, start, stop);
    return this.buffer.toString("utf8", start, stop);
  }

  /** Bytes as lowercase hex. */
  hex(end: number): string {
    const stop = this.contentEnd(end);
    const start = this.position;
    this.position = stop;
    return this.buffer.toString("hex", start, stop);
  }

  /** A copy of the bytes. */
  bytes(end: number): Uint8Array {
    const stop = this.contentEnd(end);
    const start = this.position;
    this.position = stop;
    return Uint8Array.from(this.buffer.subarray(start, stop));
  }

  /** Passes over the field whose tag was just read. Groups are not part of OTLP. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case WIRE_VARINT:
        this.int64(end);
        return;
      case WIRE_FIXED64:
        this.take(8, end);
        return;
      case WIRE_LENGTH:
        this.position = this.contentEnd(end);
        return;
      case WIRE_FIXED32:
        this.take(4, end);
        return;
      default:
        this.fail(`wire type ${tag & 7}`);
    }
  }

  private byte(end: number): number {
    if (this.position >= end) this.fail("the end of the message inside a number");
    return this.buffer[this.position++]!;
  }

  private take(bytes: number, end: number): number {
    const start = this.position;
    if (bytes > end - start) this.fail(`${end - start} bytes where ${bytes} are needed`);
    this.position = start + bytes;
    return start;
  }

  private fail(found: string): never {
    throw new OtlpDecodeError(
      `not an OTLP protobuf message: found ${found} at byte ${this.position} of ${this.length}`,
    );
  }
}

function toInteger(low: number, high: number): number | bigint {
  const value = high * 4_294_967_296 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low >>> 0);
}
