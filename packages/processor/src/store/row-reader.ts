/** Reads what RowBuffer writes and the engine answers in RowBinary, value after value. */
export class RowReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether every value has been read. */
  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  uint8(): number {
    return this.bytes[this.at++]!;
  }

  uint32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  int32(): number {
    const value = this.bytes.readInt32LE(this.at);
    this.at += 4;
    return value;
  }

  float64(): number {
    const value = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  /** An array of them, copied out. */
  float32s(): Float32Array {
    const values = new Float32Array(this.length());
    new Uint8Array(values.buffer).set(this.bytes.subarray(this.at, this.at + values.byteLength));
    this.at += values.byteLength;
    return values;
  }

  nullableFloat64(): number | null {
    return this.uint8() === 1 ? null : this.float64();
  }

  string(): string {
    const length = this.length();
    const text = this.bytes.toString("utf8", this.at, this.at + length);
    this.at += length;
    return text;
  }

  nullableString(): string | null {
    return this.uint8() === 1 ? null : this.string();
  }

  /** Length of a string or an array. */
  length(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
