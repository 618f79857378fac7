/** Larger bodies are not read: parsing them would cost the host more than a little. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Keeps the chunks of a body as they pass, as long as it is small. */
export class BodyCollector {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** Whatever is no chunk of a body is left out. */
  add(chunk: unknown, encoding?: unknown): void {
    if (typeof chunk === "string") {
      if (chunk.length > MAX_BODY_BYTES) this.#bytes = Number.POSITIVE_INFINITY;
      else
        this.#keep(Buffer.from(chunk, Buffer.isEncoding(encoding as string) ? (encoding as BufferEncoding) : "utf8"));
    } else if (chunk instanceof Uint8Array) this.#keep(chunk);
  }

  /** The whole body; null where there was none, or too much. */
  text(): string | null {
    const isKept = this.#bytes > 0 && this.#bytes <= MAX_BODY_BYTES;
    return isKept ? Buffer.concat(this.#chunks).toString("utf8") : null;
  }

  #keep(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes <= MAX_BODY_BYTES) this.#chunks.push(chunk);
    else this.#chunks = [];
  }
}
