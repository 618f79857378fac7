import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecordFile, type RecordFileOptions, startProcessor } from "@tidemark/processor";
import type { Config, Measurement } from "@tidemark/schema";
import { pino } from "pino";
import { type SentRecords, sendRecords } from "../record/send-records.ts";
import { readFrom } from "../report/http-read-api.ts";
import { finishReplay } from "./finish-replay.ts";
import { modelsNamed, ownConfig } from "./own-config.ts";

export interface ReplayOptions {
  readonly file: RecordFileOptions;
  readonly config: Config;
  /** Folder that the configuration's paths start from. */
  readonly directory: string;
  /** Called with the rows sent, and how many there are. */
  readonly onProgress: (done: number, total: number) => void;
  /** Called with the address of the processor when all is judged, before it is gone. */
  readonly onJudged?: (url: string) => Promise<void>;
}

/** What a run found: every measurement, each with the hashes of its profile and configuration. */
export interface ReplayRun extends SentRecords {
  readonly measurements: readonly Measurement[];
}

/**
 * Runs stored records through a processor of its own, in a temporary folder and in event time: the same way in, the same store and
 * the same judgement as live, under whatever configuration and profile are given.
 * Throws TidemarkError as `startProcessor` and `openRecordFile` do, and `usage` where the model is not configured.
 */
export async function runReplay(options: ReplayOptions): Promise<ReplayRun> {
  const { config, directory, onProgress } = options;
  const { model } = options.file;
  const models = modelsNamed(config, model);
  const file = await openRecordFile(options.file);
  const folder = await mkdtemp(join(tmpdir(), "tidemark-replay-"));
  try {
    const processor = await startProcessor({
      config: { ...ownConfig(config, folder), models },
      directory,
      logger: pino({ level: "silent" }),
    });
    try {
      const { rows, rejected, reasons } = await sendRecords(file, { url: processor.url, token: null, onProgress });
      await finishReplay(processor.url);
      const query = new URLSearchParams({ model });
      const found = await readFrom<{ measurements: Measurement[] }>(processor.url, `/v1/measurements?${query}`, null);
      await options.onJudged?.(processor.url);
      // How often late rows of the file had a window judged again depends on timing alone.
      return { rows, rejected, reasons, measurements: found.measurements.map((each) => ({ ...each, revision: 0 })) };
    } finally {
      await processor.close();
    }
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}
