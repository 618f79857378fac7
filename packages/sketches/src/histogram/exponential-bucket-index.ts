const MIN_NORMAL = 2 ** -1022;
const EXPONENT_BIAS = 1023;
/** Finest scale that has a table: 1,024 boundaries an octave. */
const MAX_TABLE_SCALE = 10;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
/** Which word holds sign and exponent: depends on the machine's byte order. */
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

/** 2^-exponent by biased exponent, to bring a value into [1, 2); exact. */
const toMantissa = Float64Array.from({ length: 2047 }, (_, biased) =>
  biased === 0 ? 1 : 2 ** Math.max(EXPONENT_BIAS - biased, -EXPONENT_BIAS),
);

/** Boundaries of one scale's buckets in an octave. */
interface OctaveTable {
  /** boundaries[k] = 2^(k / 2^scale), k from 0 to 2^scale. */
  readonly boundaries: Float64Array;
  /** By the first scale + 1 bits of the fraction: how many boundaries are at or below every such value, less one. */
  readonly starts: Uint16Array;
}

const tables: (OctaveTable | undefined)[] = new Array(MAX_TABLE_SCALE + 1).fill(undefined);

/**
 * Index of the bucket (base^index, base^(index+1)] that holds a positive finite magnitude, base = 2^(2^-scale); subnormal numbers count as
 * the smallest normal one.
 *
 * Up to scale 10 by a table: cells of the fraction are narrower than buckets, so a start and one comparison find the place. Finer scales,
 * which only values within a few per cent of each other keep, take a logarithm.
 */
export function exponentialBucketIndex(magnitude: number, scale: number): number {
  const value = Math.max(magnitude, MIN_NORMAL);
  double[0] = value;
  const high = words[HIGH]!;
  const biased = high >>> 20;
  const exponent = biased - EXPONENT_BIAS;
  if (scale <= 0) {
    const isPowerOfTwo = (high & 0xfffff) === 0 && words[LOW] === 0;
    // A bucket's upper edge belongs to it.
    return (isPowerOfTwo ? exponent - 1 : exponent) >> -scale;
  }
  if (scale > MAX_TABLE_SCALE) return indexByLogarithm(value, scale, exponent);
  const { boundaries, starts } = tables[scale] ?? octaveTable(scale);
  const start = starts[(high & 0xfffff) >>> (19 - scale)]!;
  const mantissa = value * toMantissa[biased]!;
  const above = boundaries[start + 1]! < mantissa ? 1 : 0;
  const on = mantissa === boundaries[start] ? 1 : 0;
  return (exponent << scale) + start + above - on;
}

function indexByLogarithm(value: number, scale: number, exponent: number): number {
  const lowest = exponent * 2 ** scale;
  // Exact where a logarithm would be off by a rounding error.
  if ((words[HIGH]! & 0xfffff) === 0 && words[LOW] === 0) return lowest - 1;
  const index = Math.ceil(Math.log(value) * (2 ** scale / Math.LN2)) - 1;
  return Math.min(Math.max(index, lowest), lowest + 2 ** scale - 1);
}

/** Makes a scale's table once. */
function octaveTable(scale: number): OctaveTable {
  const buckets = 2 ** scale;
  const boundaries = Float64Array.from({ length: buckets + 1 }, (_, k) => 2 ** (k / buckets));
  const starts = new Uint16Array(2 * buckets);
  let start = 0;
  for (let cell = 0; cell < starts.length; cell++) {
    while (start + 1 < buckets && boundaries[start + 1]! <= 1 + cell / starts.length) start += 1;
    starts[cell] = start;
  }
  const table = { boundaries, starts };
  tables[scale] = table;
  return table;
}
