import type { VarietyCurve } from "@tidemark/schema";

const SMALLEST_BLOCK = 64;
/** Longer stretches of a window are not looked at (`readDistinct`). */
const LARGEST_BLOCK = 8_192;
/** Blocks of one length without which their spread says little. */
const LEAST_BLOCKS = 16;
/** Blocks of one length that are counted, evenly over time. */
const MOST_BLOCKS = 256;

/**
 * Distinct values, and how far one value's share grows, in blocks of 64, 128, ... 8,192 consecutive values, as long as there are
 * sixteen of a length. Null with fewer than 1,024 values. Cost: one pass over the values a length.
 *
 * @param codes one a value, in the order of time; 0 to `kinds` - 1, equal for equal values.
 */
export function countVariety(codes: Int32Array, kinds: number): VarietyCurve | null {
  const shares = new Float64Array(kinds);
  for (const code of codes) shares[code]! += 1 / codes.length;
  const counts = new Int32Array(kinds);
  const curve: VarietyCurve = [];
  const largest = Math.min(LARGEST_BLOCK, codes.length / LEAST_BLOCKS);
  for (let rows = SMALLEST_BLOCK; rows <= largest; rows *= 2) {
    const whole = Math.floor(codes.length / rows);
    const blocks = Math.min(whole, MOST_BLOCKS);
    const found = Array.from({ length: blocks }, (_, block) =>
      countBlock(codes.subarray(Math.floor((block * whole) / blocks) * rows).subarray(0, rows), counts, shares),
    );
    curve.push({
      rows,
      blocks,
      distinct: spreadOf(found.map(({ distinct }) => Math.log(distinct))),
      growth: growthOf(found.map(({ growth }) => growth)),
    });
  }
  return curve.length === 0 ? null : curve;
}

/** @param counts zeros, which it leaves as zeros. */
function countBlock(block: Int32Array, counts: Int32Array, shares: Float64Array) {
  for (const code of block) counts[code]! += 1;
  let distinct = 0;
  let growth = 0;
  for (const code of block) {
    if (counts[code] === 0) continue;
    distinct += 1;
    growth = Math.max(growth, counts[code]! / block.length - shares[code]!);
    counts[code] = 0;
  }
  return { distinct, growth };
}

function growthOf(values: readonly number[]) {
  const { mean, deviation, largest } = spreadOf(values);
  return { mean, deviation, largest };
}

function spreadOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean: rounded(mean),
    deviation: rounded(Math.sqrt(squares / (values.length - 1))),
    smallest: rounded(Math.min(...values)),
    largest: rounded(Math.max(...values)),
  };
}

/** To a millionth: a profile of many features stays small. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
