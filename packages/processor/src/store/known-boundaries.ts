/** Characters of boundary lists that are remembered; a list has a few hundred, of a sender that makes them up 80,000. */
const MAX_CHARACTERS = 8_000_000;

/** The boundary lists that are known to be stored, by their text; when they are too many it begins anew, and stores them again. */
export class KnownBoundaries {
  private readonly hashes = new Map<string, bigint>();
  private characters = 0;

  get(text: string): bigint | undefined {
    return this.hashes.get(text);
  }

  add(text: string, hash: bigint): void {
    if (this.hashes.has(text)) return;
    if (this.characters + text.length > MAX_CHARACTERS) this.clear();
    this.hashes.set(text, hash);
    this.characters += text.length;
  }

  clear(): void {
    this.hashes.clear();
    this.characters = 0;
  }
}
