import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { OtlpEncoding } from "../decode-context.ts";
import type { Rejection } from "../records/rejections.ts";

export type OtlpSignal = "logs" | "metrics" | "traces";

const REJECTED_FIELD: Readonly<Record<OtlpSignal, string>> = {
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
  traces: "rejectedSpans",
};

const UNIT: Readonly<Record<OtlpSignal, string>> = { logs: "record", metrics: "point", traces: "span" };

/**
 * The body of a successful answer: an empty Export*ServiceResponse, or one with a partial success that counts and
 * explains what was refused, each reason by its first record, whose place in the request is counted from 0. A sender must not repeat such a request.
 */
export function encodeExportResponse(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  rejected: readonly Rejection[],
): Uint8Array {
  const count = rejected.reduce((sum, rejection) => sum + rejection.count, 0);
  const message = rejected
    .map(({ reason, count: records, example, first }) => `${records} ${reason}: ${UNIT[signal]} ${first}: ${example}`)
    .join("; ");
  if (encoding === "json") {
    const partialSuccess = { [REJECTED_FIELD[signal]]: String(count), errorMessage: message };
    return Buffer.from(JSON.stringify(count === 0 ? {} : { partialSuccess }));
  }
  const writer = new BinaryWriter();
  if (count === 0) return writer.finish();
  // Export*ServiceResponse.partial_success = 1; of it rejected_* = 1, error_message = 2.
  return writer
    .tag(1, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.Varint)
    .int64(count)
    .tag(2, WireType.LengthDelimited)
    .string(message)
    .join()
    .finish();
}
