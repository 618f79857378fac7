const LENGTH = 624;
const SHIFT = 397;

/**
 * CPython's `random.Random(seed)`: the Mersenne Twister MT19937, so that samples drawn here equal those of Python tools.
 *
 * Source: M. Matsumoto, T. Nishimura, ACM TOMACS 8 (1998), doi:10.1145/272991.272995; seeding by array and `sample` as the CPython 3
 * documentation of `random` and its reference values have them.
 * @example new PythonRandom(42).sample(70, 3) // [14, 3, 35]
 */
export class PythonRandom {
  readonly #state = new Uint32Array(LENGTH);
  #index = LENGTH;

  /**
   * @param seed a whole number from 0 to 2^53 - 1.
   * @throws RangeError where the seed is none.
   */
  constructor(seed: number) {
    if (!(Number.isSafeInteger(seed) && seed >= 0)) throw new RangeError(`seed is ${seed}; expected a whole number`);
    const key = seed > 0xffffffff ? [seed >>> 0, Math.floor(seed / 2 ** 32)] : [seed];
    this.#seedByArray(key);
  }

  /**
   * `k` distinct indexes below `n`, in Python's order of drawing.
   *
   * @throws RangeError where k exceeds n.
   */
  sample(n: number, k: number): number[] {
    if (!(k >= 0 && k <= n)) throw new RangeError(`k is ${k}; expected 0 to n = ${n}`);
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);
    return n <= setSize ? this.#sampleFromPool(n, k) : this.#sampleBySet(n, k);
  }

  #sampleFromPool(n: number, k: number): number[] {
    const pool = Array.from({ length: n }, (_, i) => i);
    return Array.from({ length: k }, (_, drawn) => {
      const at = this.#below(n - drawn);
      const picked = pool[at]!;
      pool[at] = pool[n - drawn - 1]!;
      return picked;
    });
  }

  #sampleBySet(n: number, k: number): number[] {
    const picked = new Set<number>();
    while (picked.size < k) picked.add(this.#below(n));
    return [...picked];
  }

  /** A whole number below n, by rejection on as many bits as n has. */
  #below(n: number): number {
    const bits = 32 - Math.clz32(n);
    let number = this.#next() >>> (32 - bits);
    while (number >= n) number = this.#next() >>> (32 - bits);
    return number;
  }

  #seedByArray(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < LENGTH; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    let at = 1;
    const advance = () => {
      at += 1;
      if (at < LENGTH) return;
      state[0] = state[LENGTH - 1]!;
      at = 1;
    };
    for (let step = 0; step < LENGTH; step++) {
      const mixed = Math.imul(state[at - 1]! ^ (state[at - 1]! >>> 30), 1664525);
      state[at] = (state[at]! ^ mixed) + key[step % key.length]! + (step % key.length);
      advance();
    }
    for (let step = 1; step < LENGTH; step++) {
      const mixed = Math.imul(state[at - 1]! ^ (state[at - 1]! >>> 30), 1566083941);
      state[at] = (state[at]! ^ mixed) - at;
      advance();
    }
    state[0] = 0x80000000;
  }

  #next(): number {
    if (this.#index >= LENGTH) this.#twist();
    let word = this.#state[this.#index]!;
    this.#index += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < LENGTH; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % LENGTH]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % LENGTH]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}
