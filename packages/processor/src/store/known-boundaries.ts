/** Characters of boundary lists that are remembered; a list has a few hundred, of a sender that makes them up 80,000. */
const MAX_CHARACTERS = 8_000_000;

/** A list that is sent is stored again after so long: retention tells by that which ones are. Less than its shortest. */
const KNOWN_FOR_MS = 86_400_000;

/** The boundary lists that are known to be stored, by their text; when they are too many it begins anew, and stores them again. */
export class KnownBoundaries {
  private readonly hashes = new Map<string, bigint>();
  private readonly now: () => number;
  private sinceMs: number;
  private characters = 0;

  constructor(now: () => number) {
    this.now = now;
    this.sinceMs = now();
  }

  get(text: string): bigint | undefined {
    if (this.now() - this.sinceMs >= KNOWN_FOR_MS) this.clear();
    return this.hashes.get(text);
  }

  add(text: string, hash: bigint): void {
    if (this.hashes.has(text)) return;
    if (this.characters + text.length > MAX_CHARACTERS) this.clear();
    this.hashes.set(text, hash);
    this.characters += text.length;
  }

  private clear(): void {
    this.hashes.clear();
    this.sinceMs = this.now();
    this.characters = 0;
  }
}
