/** A source of uniform numbers in [0, 1) that repeats for a seed (xoshiro128**, Blackman and Vigna 2018). */
export function seededRandom(seed: number): () => number {
  const state = Uint32Array.of(seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162);
  const next = () => {
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotateLeft(d ^ b, 11);
    return scrambled;
  };
  for (let i = 0; i < 20; i++) next();
  return () => ((next() >>> 6) * 2 ** 27 + (next() >>> 5)) / 2 ** 53;
}

/** Rows drawn independently, as counts by bin. */
export function drawCounts(random: () => number, probabilities: ArrayLike<number>, rows: number): number[] {
  const cumulative: number[] = [];
  for (let bin = 0; bin < probabilities.length; bin++)
    cumulative.push((cumulative[bin - 1] ?? 0) + probabilities[bin]!);
  const counts = new Array<number>(probabilities.length).fill(0);
  for (let row = 0; row < rows; row++) {
    const at = random() * cumulative[cumulative.length - 1]!;
    counts[
      Math.max(
        0,
        cumulative.findIndex((upTo) => at < upTo),
      )
    ]! += 1;
  }
  return counts;
}

/** Standard normal numbers from uniform ones. */
export function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
