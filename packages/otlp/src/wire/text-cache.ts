const SLOTS = 512;
const SLOT_BYTES = 32;

/**
 * Remembers short texts by their bytes. Attribute keys, feature names and categories repeat in every record, and
 * comparing bytes is several times cheaper than decoding UTF-8. Direct-mapped: a collision costs one decoding, no more.
 */
export class TextCache {
  /** Longest text, in bytes, that is worth a look. */
  static readonly maxBytes = SLOT_BYTES;
  private readonly bytes = new Uint8Array(SLOTS * SLOT_BYTES);
  private readonly lengths = new Uint8Array(SLOTS);
  private readonly texts: string[] = new Array<string>(SLOTS).fill("");

  /** The text of `buffer[start, end)`, at most `maxBytes` long. */
  get(buffer: Buffer, start: number, end: number): string {
    let hash = 0x811c9dc5;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ buffer[index]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (this.lengths[slot] === end - start && this.holds(slot * SLOT_BYTES, buffer, start, end))
      return this.texts[slot]!;
    const text = buffer.toString("utf8", start, end);
    this.bytes.set(buffer.subarray(start, end), slot * SLOT_BYTES);
    this.lengths[slot] = end - start;
    this.texts[slot] = text;
    return text;
  }

  private holds(base: number, buffer: Buffer, start: number, end: number): boolean {
    for (let index = start; index < end; index++) {
      if (this.bytes[base + index - start] !== buffer[index]) return false;
    }
    return true;
  }
}
