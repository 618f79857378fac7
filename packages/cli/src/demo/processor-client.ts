import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Measurement } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { finishReplay } from "../replay/finish-replay.ts";

/** What the demo asks of a processor beside what the report reads. */
export interface ProcessorClient {
  /** Of the newest judged window of a length. */
  newest(windowName: string): Promise<Measurement[]>;
  /** Says that the replay is over; resolves when every window is judged. */
  finishReplay(): Promise<void>;
  /** Writes all predictions of a model with their outcomes as Parquet. */
  exportPredictions(model: string, file: string): Promise<void>;
}

export function createProcessorClient(url: string): ProcessorClient {
  return {
    async newest(windowName) {
      const response = await ask(url, `/v1/measurements?latest=true&window=${windowName}`);
      return ((await response.json()) as { measurements: Measurement[] }).measurements;
    },
    finishReplay: () => finishReplay(url),
    async exportPredictions(model, file) {
      const response = await ask(url, `/v1/export?format=parquet&model=${encodeURIComponent(model)}`);
      await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
    },
  };
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const target = new URL(path, url);
  // On a busy machine a kept-alive connection may be closed by the server just as it is used again; reading twice is harmless.
  const isReading = init.method === undefined;
  const response = await fetch(target, init).catch((error) =>
    isReading ? fetch(target, init) : Promise.reject(error),
  );
  if (response.ok) return response;
  throw new TidemarkError("processorUnreachable", `${path} answered ${response.status}: ${await response.text()}`);
}
