import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** Larger bodies are not read: parsing them would cost the host more than a little. */
export const MAX_BODY_BYTES = 1024 * 1024;

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

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

  /** Whether there was too much. */
  get isFull(): boolean {
    return this.#bytes > MAX_BODY_BYTES;
  }

  /**
   * The whole body; null where there was none, too much, or it is encoded in a way that is not read.
   *
   * @param encoding its content-encoding, empty for none
   */
  text(encoding = ""): string | null {
    if (this.#bytes === 0 || this.isFull) return null;
    const body = Buffer.concat(this.#chunks);
    if (encoding === "" || encoding === "identity") return body.toString("utf8");
    try {
      return DECODERS[encoding]?.(body, { maxOutputLength: MAX_BODY_BYTES }).toString("utf8") ?? null;
    } catch {
      // Broken, or too much once it is decoded: like a body that was too much from the start.
      return null;
    }
  }

  #keep(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.isFull) this.#chunks = [];
    else this.#chunks.push(chunk);
  }
}
