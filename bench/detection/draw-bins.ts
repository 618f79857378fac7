import type { SeededRandom } from "./seeded-random.ts";

/**
 * Draws bins by their probabilities in constant time (Walker's alias method, Vose 1991).
 *
 * @param probabilities by bin, summing to 1.
 */
export function createBinDrawer(probabilities: ArrayLike<number>): (random: SeededRandom) => number {
  const bins = probabilities.length;
  const share = Float64Array.from(probabilities, (p) => p * bins);
  const alias = Uint32Array.from(share, (_, bin) => bin);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, bin) => {
    (value < 1 ? small : large).push(bin);
  });
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!;
    const high = large.at(-1)!;
    alias[low] = high;
    share[high]! -= 1 - share[low]!;
    if (share[high]! < 1) small.push(large.pop()!);
  }
  // What is left is 1 but for rounding.
  for (const bin of [...small, ...large]) share[bin] = 1;
  return (random) => {
    const at = random.uniform() * bins;
    const bin = Math.min(bins - 1, Math.floor(at));
    return at - bin < share[bin]! ? bin : alias[bin]!;
  };
}
