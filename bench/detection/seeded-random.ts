/** A repeatable source of random numbers (xoshiro128**, Blackman and Vigna 2018). */
export interface SeededRandom {
  /** Uniform in (0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal, by Marsaglia's polar method. */
  normal(): number;
}

/** @param seed any text; equal texts give equal numbers. */
export function createSeededRandom(seed: string): SeededRandom {
  const state = new Uint32Array(4);
  let hash = 0x811c9dc5;
  for (let word = 0; word < state.length; word++) {
    for (const character of `${word}/${seed}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    state[word] = hash | 1;
  }
  for (let i = 0; i < 20; i++) nextWord(state);
  const uniform = () => (nextWord(state) + 0.5) / 2 ** 32;
  let spare = Number.NaN;
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  };
  return { uniform, normal };
}

function nextWord(state: Uint32Array): number {
  const a = state[0]!;
  const b = state[1]!;
  const c = state[2]!;
  const d = state[3]!;
  const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
  state[0] = a ^ d ^ b;
  state[1] = b ^ c ^ a;
  state[2] = c ^ a ^ (b << 9);
  state[3] = rotateLeft(d ^ b, 11);
  return scrambled;
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
