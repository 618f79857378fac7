const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** 64 bits of hash as two unsigned words. */
export const hashed = new Uint32Array(2);

/**
 * Hashes a category or a number into `hashed`, by MurmurHash3's mixing of 32-bit blocks in two lanes. Not for secrets: anyone who knows
 * the function can make categories that collide.
 *
 * Source: A. Appleby, MurmurHash3 (2011), public domain.
 */
export function hashValue(value: string | number): void {
  let first = 0x9747b28c;
  let second = 0x3c6ef372;
  if (typeof value === "number") {
    number[0] = value === 0 ? 0 : value;
    first = mixBlock(mixBlock(first, words[0]!), words[1]!);
    second = mixBlock(mixBlock(second, words[1]!), words[0]!);
  } else {
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      first = mixBlock(first, unit);
      second = mixBlock(second, unit);
    }
    first ^= value.length;
    second ^= value.length + 1;
  }
  first = finish(first);
  second = finish(second + first);
  hashed[0] = finish(first ^ Math.imul(second, 0x85ebca6b));
  hashed[1] = second;
}

function mixBlock(hash: number, block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = hash ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
