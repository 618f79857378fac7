/** Bytes that a profile holds as base64. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}

/** Little-endian doubles. */
export function doublesOf(text: string): Float64Array {
  const bytes = Buffer.from(text, "base64");
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

/** Little-endian 32-bit floats. */
export function floatsOf(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Little-endian 16-bit integers. */
export function shortsOf(text: string): Int16Array {
  const bytes = Buffer.from(text, "base64");
  return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
}
