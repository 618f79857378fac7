import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecordFile, startProcessor } from "@tidemark/processor";
import type { Config, Measurement } from "@tidemark/schema";
import { pino } from "pino";
import { askPatiently, readFrom } from "../report/http-read-api.ts";
import { finishReplay } from "./finish-replay.ts";
import { modelsNamed, ownConfig } from "./own-config.ts";

export interface ReplayOptions {
  readonly path: string;
  readonly model: string;
  readonly config: Config;
  /** Folder that the configuration's paths start from. */
  readonly directory: string;
  /** Called with the rows sent, and how many there are. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What a run found: every measurement, each with the hashes of its profile and configuration. */
export interface ReplayRun {
  readonly rows: number;
  /** Records that could not be used. */
  readonly rejected: number;
  readonly measurements: readonly Measurement[];
}

const BATCH_RECORDS = 5_000;
/** As JSON: records with vectors are large. */
const BATCH_BYTES = 8_000_000;

/**
 * Runs stored records through a processor of its own, in a temporary folder and in event time: the same way in, the same store and
 * the same judgement as live, under whatever configuration and profile are given.
 * Throws TidemarkError as `startProcessor` and `openRecordFile` do, and `usage` where the model is not configured.
 */
export async function runReplay({ path, model, config, directory, onProgress }: ReplayOptions): Promise<ReplayRun> {
  const models = modelsNamed(config, model);
  const file = await openRecordFile(path, model);
  const folder = await mkdtemp(join(tmpdir(), "tidemark-replay-"));
  try {
    const processor = await startProcessor({
      config: { ...ownConfig(config, folder), models },
      directory,
      logger: pino({ level: "silent" }),
    });
    try {
      const { rows, rejected } = await send(processor.url, file, onProgress);
      await finishReplay(processor.url);
      const query = new URLSearchParams({ model });
      const found = await readFrom<{ measurements: Measurement[] }>(processor.url, `/v1/measurements?${query}`, null);
      // How often late rows of the file had a window judged again depends on timing alone.
      return { rows, rejected, measurements: found.measurements.map((each) => ({ ...each, revision: 0 })) };
    } finally {
      await processor.close();
    }
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type RecordFile = Awaited<ReturnType<typeof openRecordFile>>;

async function send(url: string, file: RecordFile, onProgress: ReplayOptions["onProgress"]) {
  let batch: unknown[] = [];
  let [bytes, rows, rejected] = [0, 0, 0];
  const flush = async () => {
    if (batch.length === 0) return;
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: batch }] }] };
    const response = await askPatiently(url, "/v1/logs", null, body);
    const { partialSuccess } = (await response.json()) as { partialSuccess?: { rejectedLogRecords?: string } };
    rejected += Number(partialSuccess?.rejectedLogRecords ?? 0);
    onProgress(rows, file.rows);
    batch = [];
    bytes = 0;
  };
  for await (const records of file.read()) {
    rows++;
    batch.push(...records);
    bytes += JSON.stringify(records).length;
    if (batch.length >= BATCH_RECORDS || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  return { rows, rejected };
}
