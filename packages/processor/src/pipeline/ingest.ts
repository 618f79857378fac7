import {
  decodeLogs,
  decodeMetrics,
  decodeTraces,
  OtlpDecodeError,
  type OtlpEncoding,
  type Rejection,
} from "@tidemark/otlp";
import { errors, TidemarkError } from "@tidemark/semconv";
import type { IngestResult, OtlpSignal } from "../receive/otlp-endpoint.ts";
import type { IngestBatch } from "../store/writer.ts";
import type { EventTimes } from "./event-times.ts";
import type { IngestCounters } from "./ingest-counters.ts";
import type { RecordRouter } from "./route-records.ts";

export interface IngestOptions {
  readonly router: RecordRouter;
  readonly counters: IngestCounters;
  readonly eventTimes: EventTimes;
  /** Resolves once the batch is durable; rejects where nothing of it may be acknowledged. */
  readonly write: (batch: IngestBatch) => Promise<void>;
  /** Event times accepted at this moment. */
  readonly acceptance: () => { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };
  readonly onStored: () => void;
  readonly onFailure: (error: unknown) => void;
}

export type Ingest = (signal: OtlpSignal, body: Uint8Array, encoding: OtlpEncoding) => Promise<IngestResult>;

const TENANT = "default";

/**
 * Takes one OTLP request from bytes to the store: decode, keep what belongs to a configured model, count the rest,
 * write. Never throws: bad data and a failing store are results.
 */
export function createIngest(options: IngestOptions): Ingest {
  const { router, counters, eventTimes } = options;
  return async (signal, body, encoding) => {
    let decoded: Decoded;
    try {
      decoded = decode(signal, body, encoding, options.acceptance());
    } catch (error) {
      if (!(error instanceof OtlpDecodeError)) throw error;
      counters.add("other", "rejected", "undecodable_request", 1);
      return { kind: "undecodable", message: error.message };
    }
    const batch: IngestBatch = {
      predictions: router.predictions(decoded.predictions, signal === "traces" ? "spans" : "logs"),
      outcomes: router.outcomes(decoded.outcomes),
      points: router.points(decoded.points),
    };
    const accepted = batch.predictions.length + batch.outcomes.length + batch.points.length;
    try {
      if (accepted > 0) await options.write(batch);
    } catch (error) {
      if (isBusy(error)) return { kind: "busy", message: error.message };
      options.onFailure(error);
      counters.add("other", "dropped", "store_failed", accepted);
      return { kind: "failed", message: error instanceof TidemarkError ? error.message : "the store failed" };
    }
    eventTimes.see(batch.predictions, batch.points);
    count(counters, decoded, batch);
    options.onStored();
    return { kind: "stored", accepted, rejections: decoded.rejections };
  };
}

function isBusy(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && error.code === errors.storeBusy.code;
}

interface Decoded extends IngestBatch {
  readonly rejections: readonly Rejection[];
  readonly ignored: number;
}

function decode(
  signal: OtlpSignal,
  body: Uint8Array,
  encoding: OtlpEncoding,
  { fromUnixNano, toUnixNano }: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint },
): Decoded {
  const context = { tenant: TENANT, acceptFromUnixNano: fromUnixNano, acceptToUnixNano: toUnixNano };
  const none = { predictions: [], outcomes: [], points: [] };
  switch (signal) {
    case "logs":
      return { ...none, ...decodeLogs(body, encoding, context) };
    case "metrics":
      return { ...none, ...decodeMetrics(body, encoding, context) };
    case "traces":
      return { ...none, ...decodeTraces(body, encoding, context) };
  }
}

function count(counters: IngestCounters, decoded: Decoded, stored: IngestBatch): void {
  counters.add("prediction", "accepted", "", stored.predictions.length);
  counters.add("outcome", "accepted", "", stored.outcomes.length);
  counters.add("point", "accepted", "", stored.points.length);
  counters.add("other", "ignored", "not_ours", decoded.ignored);
  for (const rejection of decoded.rejections) counters.add("other", "rejected", rejection.reason, rejection.count);
}
