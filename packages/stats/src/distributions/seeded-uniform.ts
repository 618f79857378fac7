/**
 * Uniform numbers in (0, 1) with 53 bits that repeat for a seed: SplitMix64's output function over a counter, two 32-bit words a number.
 *
 * @param seed a whole number from 0 to 2^32 - 1.
 * @throws RangeError where the seed is none.
 * Source: G. Steele, D. Lea, C. Flood, OOPSLA (2014), doi:10.1145/2660193.2660195, with its 32-bit mixer.
 */
export function seededUniform(seed: number): () => number {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(`seed is ${seed}; expected a whole number from 0 to 2^32 - 1`);
  }
  let state = seed;
  const word = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6) + 0.5) / 2 ** 53;
}
