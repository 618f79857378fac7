import { createHash } from "node:crypto";
import {
  type DecodeContext,
  decodeLogs,
  decodeMetrics,
  decodeTraces,
  OtlpDecodeError,
  type OtlpEncoding,
  type Rejection,
} from "@tidemark/otlp";
import type { MetricPoint } from "@tidemark/schema";
import { errors, TidemarkError } from "@tidemark/semconv";
import type { FairShare } from "../receive/fair-share.ts";
import type { IngestResult, OtlpSignal } from "../receive/otlp-endpoint.ts";
import type { IngestBatch, Writer } from "../store/writer.ts";
import { within } from "../within.ts";
import type { Acceptance } from "./acceptance.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { EventTimes } from "./event-times.ts";
import type { IngestCounters } from "./ingest-counters.ts";
import type { RecordRouter } from "./route-records.ts";

export interface IngestOptions {
  readonly router: RecordRouter;
  readonly counters: IngestCounters;
  readonly eventTimes: EventTimes;
  readonly writer: Pick<Writer, "write" | "committingForMs">;
  /** A request that is not durable after this many milliseconds is answered as failed, though it may be stored later. */
  readonly answerWithinMs: number;
  /** Event times accepted at this moment. */
  readonly acceptance: () => Acceptance;
  /** Where what cannot be taken is set aside. */
  readonly deadLetters: Pick<DeadLetters, "add">;
  /** What the models hold of what waits to be stored. */
  readonly shares: FairShare;
  readonly onStored: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Of a request's refused records this many are set aside; all are counted. */
const SET_ASIDE_PER_REQUEST = 5;

/**
 * `tenant` is the one that the sender's credential names; whatever the records say of it does not count. `origin` says where
 * a request can be found again, for the dead letters.
 */
export type Ingest = (
  signal: OtlpSignal,
  body: Uint8Array,
  encoding: OtlpEncoding,
  tenant: string,
  origin?: Readonly<Record<string, string>>,
) => Promise<IngestResult>;

/**
 * Takes one OTLP request from bytes to the store: decode, keep what belongs to a configured model, count the rest,
 * write. Never throws: bad data and a failing store are results.
 */
export function createIngest(options: IngestOptions): Ingest {
  const { router, counters, eventTimes, writer, answerWithinMs } = options;
  const standsStill: IngestResult = {
    kind: "failed",
    message: `the store has not answered for ${answerWithinMs / 1_000} s; send the request again later`,
  };
  const setAside = (signal: OtlpSignal, tenant: string): NonNullable<DecodeContext["onRejected"]> => {
    let left = SET_ASIDE_PER_REQUEST;
    return ({ reason }, redact) => {
      if (left-- > 0) options.deadLetters.add({ tenant, signal, reason, record: redact() });
    };
  };
  const store = async (tenant: string, decoded: Decoded, batch: IngestBatch): Promise<IngestResult> => {
    const accepted = batch.predictions.length + batch.outcomes.length + batch.points.length;
    try {
      // What the resources say is written with the points, and counted nowhere: nobody sent it as a point.
      const points = [...batch.points, ...router.points(decoded.resources)];
      if (accepted > 0) await writer.write({ ...batch, points });
    } catch (error) {
      if (isBusy(error)) return { kind: "busy", message: error.message };
      options.onFailure(error);
      counters.add(tenant, "other", "dropped", "store_failed", accepted);
      return { kind: "failed", message: error instanceof TidemarkError ? error.message : "the store failed" };
    }
    eventTimes.see(batch.predictions, batch.points);
    count(counters, tenant, decoded, batch);
    options.onStored();
    return { kind: "stored", accepted, rejections: decoded.rejections };
  };
  return async (signal, body, encoding, tenant, origin = {}) => {
    // What waits already is sent again by those who were told so; to queue it twice would only fill the memory.
    if (writer.committingForMs() > answerWithinMs) return standsStill;
    let decoded: Decoded;
    try {
      decoded = decode(signal, body, encoding, {
        tenant,
        ...options.acceptance(),
        onRejected: setAside(signal, tenant),
      });
    } catch (error) {
      const isExpected = error instanceof OtlpDecodeError;
      // A defect of ours: repeating the request would not mend it, so the sender is told not to.
      if (!isExpected) options.onFailure(error);
      const reason = isExpected ? "undecodable_request" : "decoder_failed";
      counters.add(tenant, "other", "rejected", reason, 1);
      options.deadLetters.add({ tenant, signal, reason, record: { ...describeRequest(body, encoding), ...origin } });
      return { kind: "undecodable", message: isExpected ? error.message : "the request could not be decoded" };
    }
    const batch: IngestBatch = {
      predictions: router.predictions(decoded.predictions, signal === "traces" ? "spans" : "logs"),
      outcomes: router.outcomes(decoded.outcomes),
      points: router.points(decoded.points),
    };
    const models = modelsOf(batch);
    if (models.some((model) => options.shares.isOver(model))) {
      return { kind: "busy", message: `too many records of ${models[0]} wait to be stored` };
    }
    const share = body.length / Math.max(1, models.length);
    for (const model of models) options.shares.take(model, share);
    const stored = store(tenant, decoded, batch).finally(() => {
      for (const model of models) options.shares.give(model, share);
    });
    return within(stored, answerWithinMs, () => standsStill);
  };
}

/** What may be kept of a request that is no OTLP: enough to find it again where it was sent. */
function describeRequest(body: Uint8Array, encoding: OtlpEncoding): Readonly<Record<string, string>> {
  return { encoding, bytes: String(body.length), sha256: createHash("sha256").update(body).digest("hex") };
}

function modelsOf({ predictions, outcomes, points }: IngestBatch): string[] {
  const names = new Set<string>();
  for (const { tenant, model } of predictions) names.add(`${tenant}/${model}`);
  for (const { tenant, model } of outcomes) names.add(`${tenant}/${model}`);
  for (const { tenant, model } of points) names.add(`${tenant}/${model}`);
  return [...names];
}

function isBusy(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && error.code === errors.storeBusy.code;
}

interface Decoded extends IngestBatch {
  readonly resources: readonly MetricPoint[];
  readonly rejections: readonly Rejection[];
  readonly ignored: number;
  readonly ignoredInputs?: number;
}

function decode(
  signal: OtlpSignal,
  body: Uint8Array,
  encoding: OtlpEncoding,
  { fromUnixNano, toUnixNano, ...rest }: Acceptance & Pick<DecodeContext, "tenant" | "onRejected">,
): Decoded {
  const context = { ...rest, acceptFromUnixNano: fromUnixNano, acceptToUnixNano: toUnixNano };
  const none = { predictions: [], outcomes: [], points: [], resources: [] };
  switch (signal) {
    case "logs":
      return { ...none, ...decodeLogs(body, encoding, context) };
    case "metrics":
      return { ...none, ...decodeMetrics(body, encoding, context) };
    case "traces":
      return { ...none, ...decodeTraces(body, encoding, context) };
  }
}

function count(counters: IngestCounters, tenant: string, decoded: Decoded, stored: IngestBatch): void {
  counters.add(tenant, "prediction", "accepted", "", stored.predictions.length);
  counters.add(tenant, "outcome", "accepted", "", stored.outcomes.length);
  counters.add(tenant, "point", "accepted", "", stored.points.length);
  counters.add(tenant, "other", "ignored", "not_ours", decoded.ignored);
  counters.add(tenant, "input", "ignored", "input_not_kept", decoded.ignoredInputs ?? 0);
  for (const rejection of decoded.rejections)
    counters.add(tenant, "other", "rejected", rejection.reason, rejection.count);
}
