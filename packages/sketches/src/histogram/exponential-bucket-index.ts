const MIN_NORMAL = 2 ** -1022;
const EXPONENT_BIAS = 1023;
/** Finest scale that has a table: 1,024 boundaries an octave. */
export const MAX_TABLE_SCALE = 10;
/** Finest scale of all. */
export const MAX_SCALE = 20;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
double[0] = 1;
/** Which word holds sign and exponent: depends on the machine's byte order. */
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

/** 2^-exponent by biased exponent, to bring a value into [1, 2]; exact. */
const toMantissa = Float64Array.from({ length: 2047 }, (_, biased) => 2 ** (EXPONENT_BIAS - biased));

/** Boundaries of one scale's buckets in an octave. */
export interface OctaveTable {
  readonly scale: number;
  /** boundaries[k] = 2^(k / 2^scale), k from 0 to 2^scale. */
  readonly boundaries: Float64Array;
  /** By the first scale + 1 bits of the fraction: how many boundaries are at or below every such value, less one. */
  readonly starts: Uint16Array;
}

const tables: (OctaveTable | undefined)[] = new Array(MAX_TABLE_SCALE + 1).fill(undefined);

/** The table of a scale, made once; null for scales that need none (up to 0) or are too fine for one (above 10). */
export function octaveTable(scale: number): OctaveTable | null {
  if (scale <= 0 || scale > MAX_TABLE_SCALE) return null;
  tables[scale] ??= makeTable(scale);
  return tables[scale];
}

/**
 * Index of the bucket (base^index, base^(index+1)] that holds the magnitude of a finite number other than 0, base = 2^(2^-scale);
 * subnormal numbers count as the smallest normal one.
 *
 * With a table: cells of the fraction are narrower than buckets, so a start and one comparison find the place. Finer scales, which only
 * values within a few per cent of each other keep, take a logarithm.
 *
 * @param table `octaveTable(scale)`, which who counts many values keeps.
 */
export function exponentialBucketIndex(value: number, scale: number, table: OctaveTable | null): number {
  const magnitude = Math.max(Math.abs(value), MIN_NORMAL);
  double[0] = magnitude;
  // Of the double just below where that has another high word: a bucket's upper edge belongs to it.
  const high = words[HIGH]! - Number(words[LOW] === 0);
  const biased = high >>> 20;
  const exponent = biased - EXPONENT_BIAS;
  if (table === null) return scale > 0 ? indexByLogarithm(magnitude, scale) : exponent >> -scale;
  const start = table.starts[(high & 0xfffff) >>> (19 - scale)]!;
  // Not a branch: where in its cell a value lies cannot be predicted.
  return (exponent << scale) + start + Number(table.boundaries[start + 1]! < magnitude * toMantissa[biased]!);
}

/**
 * By the logarithm at the finest scale, within the bucket that the finest table gives: whatever scale a value was counted at first, halving
 * the resolution leads to the same bucket, also where the logarithm is off by a rounding error at an edge.
 */
function indexByLogarithm(value: number, scale: number): number {
  const finer = MAX_SCALE - MAX_TABLE_SCALE;
  const lowest = exponentialBucketIndex(value, MAX_TABLE_SCALE, octaveTable(MAX_TABLE_SCALE)) * 2 ** finer;
  const index = Math.ceil(Math.log(value) * (2 ** MAX_SCALE / Math.LN2)) - 1;
  return Math.min(Math.max(index, lowest), lowest + 2 ** finer - 1) >> (MAX_SCALE - scale);
}

function makeTable(scale: number): OctaveTable {
  const buckets = 2 ** scale;
  const boundaries = Float64Array.from({ length: buckets + 1 }, (_, k) => 2 ** (k / buckets));
  const starts = new Uint16Array(2 * buckets);
  let start = 0;
  for (let cell = 0; cell < starts.length; cell++) {
    while (start + 1 < buckets && boundaries[start + 1]! <= 1 + cell / starts.length) start += 1;
    starts[cell] = start;
  }
  return { scale, boundaries, starts };
}
