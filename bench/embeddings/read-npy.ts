import { readFileSync } from "node:fs";

/** Rows of 32-bit floats of a NumPy file (.npy, version 1, little-endian, in C order). Throws where it is another one. */
export function readNpy(path: string): { values: Float32Array; rows: number; dimension: number } {
  const bytes = readFileSync(path);
  const from = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, from);
  const shape = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(header);
  if (shape === null) throw new Error(`${path} holds no rows of 32-bit floats: ${header.trim()}`);
  const [rows, dimension] = [Number(shape[1]), Number(shape[2])];
  const values = new Float32Array(rows * dimension);
  for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(from + 4 * i);
  return { values, rows, dimension };
}
