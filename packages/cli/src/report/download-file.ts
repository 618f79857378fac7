import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { TidemarkError } from "@tidemark/semconv";
import { askProcessor } from "./http-read-api.ts";

/**
 * Writes the answer of a path to a file, which is replaced. It has another name until it is whole, so that a broken connection leaves no
 * half file. Throws as `askProcessor`.
 */
export async function downloadFile(url: string, path: string, token: string | null, target: string): Promise<void> {
  const response = await askProcessor(url, path, token);
  if (response.body === null) throw new TidemarkError("processorUnreachable", `${url} answered without a body`);
  const partial = `${target}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(partial));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
