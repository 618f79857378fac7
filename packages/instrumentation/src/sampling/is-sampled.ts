const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Whether the records of an inference are kept: hash(id) < probability · 2^32. A pure function of the id, so an outcome
 * that is reported weeks later by another process follows the decision of its prediction, provided both sample with
 * the same probability.
 *
 * The hash is 32-bit FNV-1a over the id's UTF-16 code units, finished by MurmurHash3's 32-bit mixer (so that ids that
 * differ in their last character only are spread evenly). Cost: about 1 ns a character.
 *
 * @param probability in (0, 1]; 1 keeps all
 */
export function isSampled(id: string, probability: number): boolean {
  return probability >= 1 || hash(id) < probability * 2 ** 32;
}

function hash(text: string): number {
  let state = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), FNV_PRIME);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
