const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** 64 bits of hash as two unsigned words. */
export const hashed = new Uint32Array(2);

/**
 * Hashes a number into `hashed`, in two lanes of multiply and shift: -0 as 0, all NaN alike. Not for secrets: anyone who knows the function can make
 * numbers that collide.
 *
 * Source: the finish is C. Wellons' lowbias32 (2018), a mixer of 32 bits with low bias, public domain.
 */
export function hashNumber(value: number): void {
  number[0] = Number.isNaN(value) ? Number.NaN : value + 0;
  const [one, other] = [words[0]!, words[1]!];
  finishPair(other ^ Math.imul(one, 0x9e3779b1), one ^ Math.imul(other, 0x85ebca77));
}

/** Hashes a text into `hashed`, as `hashNumber` does a number. */
export function hashText(value: string): void {
  const { length } = value;
  let first = 0x9747b28c ^ length;
  let second = 0x3c6ef372;
  for (let i = 0; i < length; i += 2) {
    const pair = value.charCodeAt(i) | (i + 1 < length ? value.charCodeAt(i + 1) << 16 : 0);
    first = Math.imul(first ^ pair, 0x85ebca77);
    second = Math.imul(second ^ pair, 0xc2b2ae3d);
    first ^= first >>> 15;
    second ^= second >>> 13;
  }
  finishPair(first, second);
}

/** Lets every bit of both words change every bit of the hash. */
function finishPair(first: number, second: number): void {
  const mixed = finish(first);
  const other = finish(second ^ mixed);
  hashed[0] = (mixed ^ Math.imul(other, 0x9e3779b1)) >>> 0;
  hashed[1] = other;
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
