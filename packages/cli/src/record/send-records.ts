import type { LogRecord, RecordFile } from "@tidemark/processor";
import { attr } from "@tidemark/semconv";
import { askPatiently } from "../report/http-read-api.ts";

export interface SendRecordsOptions {
  /** Address of a processor, or of anything else that takes OTLP/HTTP. */
  readonly url: string;
  readonly token: string | null;
  /** Called with the rows sent, and how many there are. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface SentRecords {
  readonly rows: number;
  /** Records that could not be used. */
  readonly rejected: number;
  /** Why, the most frequent reason first. */
  readonly reasons: readonly RejectedReason[];
}

interface RejectedReason {
  readonly reason: string;
  readonly count: number;
  readonly example: string;
}

const BATCH_RECORDS = 5_000;
/** As JSON: records with vectors are large. */
const BATCH_BYTES = 8_000_000;

/**
 * Sends a file's records in batches, as a service would. One that is busy is asked again; sending a record twice changes nothing.
 * Throws TidemarkError as `askPatiently` does.
 */
export async function sendRecords(
  file: RecordFile,
  { url, token, onProgress }: SendRecordsOptions,
): Promise<SentRecords> {
  const reasons = new Map(file.unusable.map(({ reason, count, example }) => [reason, { count, example }]));
  let batch: LogRecord[] = [];
  let [bytes, rows] = [0, 0];
  const flush = async () => {
    if (batch.length === 0) return;
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: batch }] }] };
    const response = await askPatiently(url, "/v1/logs", token, body);
    for (const { reason, count, example } of rejectedOf((await response.json()) as Answer)) {
      const known = reasons.get(reason);
      // The processor counts within a request, and a file's rows are sent in the order of time: the id says which it was.
      const told = example.replace(/^record (\d+): /, (_all, place) => `${whichOf(batch[Number(place)])}: `);
      if (known === undefined) reasons.set(reason, { count, example: told });
      else known.count += count;
    }
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
  const listed = [...reasons].map(([reason, entry]) => ({ reason, ...entry })).sort((a, b) => b.count - a.count);
  return { rows, rejected: listed.reduce((sum, { count }) => sum + count, 0), reasons: listed };
}

function whichOf(record: LogRecord | undefined): string {
  const id = record?.attributes.find(({ key }) => key === attr.inferenceId)?.value["stringValue"];
  return typeof id !== "string" || id === "" ? "a row without id" : `the row of id "${id.slice(0, 100)}"`;
}

interface Answer {
  readonly partialSuccess?: { readonly rejectedLogRecords?: string; readonly errorMessage?: string };
}

/** A processor's message counts by reason; another receiver's is one reason. */
function rejectedOf({ partialSuccess }: Answer): RejectedReason[] {
  const count = Number(partialSuccess?.rejectedLogRecords ?? 0);
  if (count === 0) return [];
  const message = partialSuccess?.errorMessage ?? "";
  const told = [...message.matchAll(/(?:^|; )(\d+) ([a-z_]+): (.*?)(?=; \d+ [a-z_]+: |$)/gs)].map(
    ([, number, reason, example]) => ({ reason: reason!, count: Number(number), example: example! }),
  );
  const isWhole = told.reduce((sum, each) => sum + each.count, 0) === count;
  return isWhole ? told : [{ reason: "refused", count, example: message }];
}
