const INITIAL_BYTES = 64 * 1024;
const LONG_STRING = 64;

/** Rows in ClickHouse's RowBinary: little-endian numbers, strings and arrays with a LEB128 length before them. */
export class RowBuffer {
  rows = 0;
  private bytes: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private end = 0;

  /** Bytes written so far. */
  get byteLength(): number {
    return this.end;
  }

  /** What was written; a view that the next write may change. */
  toBytes(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }

  uint8(value: number): void {
    this.reserve(1);
    this.bytes[this.end++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.end = this.bytes.writeUInt32LE(value, this.end);
  }

  uint64(value: bigint): void {
    this.reserve(8);
    this.end = this.bytes.writeBigUInt64LE(value, this.end);
  }

  int64(value: bigint): void {
    this.reserve(8);
    this.end = this.bytes.writeBigInt64LE(value, this.end);
  }

  /** Negative zero is written as zero: they are one number to every reader, but two to GROUP BY. */
  float64(value: number): void {
    this.reserve(8);
    this.end = this.bytes.writeDoubleLE(value + 0, this.end);
  }

  /** An array of them, as its bytes are: the engine runs on little-endian machines only. */
  float32s(values: Float32Array): void {
    this.length(values.length);
    this.reserve(values.byteLength);
    this.bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.end);
    this.end += values.byteLength;
  }

  nullableFloat64(value: number | null): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) this.float64(value);
  }

  /** UTF-8; a lone surrogate becomes U+FFFD. */
  string(value: string): void {
    if (value.length <= LONG_STRING && this.shortAscii(value)) return;
    const length = Buffer.byteLength(value);
    this.length(length);
    this.reserve(length);
    this.end += this.bytes.write(value, this.end);
  }

  nullableString(value: string | null): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) this.string(value);
  }

  strings(values: readonly string[]): void {
    this.length(values.length);
    for (const value of values) this.string(value);
  }

  /** Length of a string or an array. */
  length(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.end++] = rest;
  }

  /** Most strings are short names and ids: one pass, no call into the runtime. False, and nothing written, if not ASCII. */
  private shortAscii(value: string): boolean {
    const size = value.length;
    this.reserve(size + 1);
    const start = this.end;
    this.bytes[start] = size;
    for (let index = 0; index < size; index++) {
      const unit = value.charCodeAt(index);
      if (unit >= 0x80) return false;
      this.bytes[start + 1 + index] = unit;
    }
    this.end = start + 1 + size;
    return true;
  }

  private reserve(more: number): void {
    const needed = this.end + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}
