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

  /** An array of bytes, for as long as what is read is. */
  uint8s(): Uint8Array {
    const length = this.length();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  float64s(): Float64Array {
    const size = 8 * this.length();
    const values = new Float64Array(size / 8);
    new Uint8Array(values.buffer).set(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
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

  /** Passes over a string; the answer is an empty one. */
  skipString(): "" {
    const length = this.length();
    this.at += length;
    return "";
  }

  strings(): string[] {
    return Array.from({ length: this.length() }, () => this.string());
  }

  nullableString(): string | null {
    return this.uint8() === 1 ? null : this.string();
  }

  /** Length of a string or an array. */
  length(): number {
    const first = this.bytes[this.at]!;
    if (first < 0x80) {
      this.at++;
      return first;
    }
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
