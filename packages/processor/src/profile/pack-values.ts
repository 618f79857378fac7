/** Values as little-endian bytes in base64, as a profile holds them. */
export function packBytes(values: ArrayLike<number>): string {
  return Buffer.from(Uint8Array.from(values)).toString("base64");
}

/** As 16-bit integers. */
export function packShorts(values: ArrayLike<number>): string {
  return pack(values, 2, (bytes, value, at) => bytes.writeInt16LE(value, at));
}

/** As 32-bit floats. */
export function packFloats(values: ArrayLike<number>): string {
  return pack(values, 4, (bytes, value, at) => bytes.writeFloatLE(value, at));
}

/** As doubles. */
export function packDoubles(values: ArrayLike<number>): string {
  return pack(values, 8, (bytes, value, at) => bytes.writeDoubleLE(value, at));
}

function pack(
  values: ArrayLike<number>,
  size: number,
  write: (bytes: Buffer, value: number, at: number) => void,
): string {
  const bytes = Buffer.alloc(size * values.length);
  for (let i = 0; i < values.length; i++) write(bytes, values[i]!, size * i);
  return bytes.toString("base64");
}
