import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue, warn } from "../safety/warn.ts";
import { DiskOutbox } from "./disk-outbox.ts";
import type { LogRecordExporter, LogRecordProcessor } from "./log-sdk.ts";
import { RecordProcessor, type RecordProcessorLimits } from "./record-processor.ts";

export interface RecordProcessorOptions extends Partial<RecordProcessorLimits> {
  /** Keeps records on disk while exports fail; in memory alone unless given. */
  readonly outbox?: {
    /** Folder, one for each process that runs at the same time. */
    readonly folder: string;
    /** 100 MB unless given; beyond, the oldest records are dropped. */
    readonly maxBytes?: number;
  };
}

const DEFAULTS: RecordProcessorLimits = { maxQueueSize: 4_096, maxBatchSize: 512, delayMs: 1_000, timeoutMs: 10_000 };
const DEFAULT_OUTBOX_BYTES = 100_000_000;

/** A processor of log records that counts with `drops`; an option that cannot be used is replaced by its default. */
export function createRecordProcessor(
  exporter: LogRecordExporter,
  { outbox, ...given }: RecordProcessorOptions,
  drops: DropCounter,
  now: () => number,
): LogRecordProcessor {
  const limits = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS) as (keyof RecordProcessorLimits)[]) {
    const value = given[name];
    if (value === undefined) continue;
    if (Number.isInteger(value) && value >= 1) limits[name] = value;
    else warn(`option ${name} of recordProcessor is ${describeValue(value)}; ${DEFAULTS[name]} is used`);
  }
  const disk =
    outbox === undefined ? null : new DiskOutbox(outbox.folder, outbox.maxBytes ?? DEFAULT_OUTBOX_BYTES, drops, now);
  return new RecordProcessor(exporter, limits, disk, drops, now);
}
