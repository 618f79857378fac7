import type { PredictionRecord } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import type { DecodeContext, OtlpEncoding } from "./decode-context.ts";
import { readJsonTraces } from "./json/json-traces.ts";
import { readPrediction } from "./records/read-prediction.ts";
import { RecordDraft } from "./records/record-draft.ts";
import { RecordFields } from "./records/record-fields.ts";
import { redactRecord } from "./records/redact.ts";
import { type Rejection, RejectionCounter } from "./records/rejections.ts";
import { readWireTraces } from "./wire/wire-traces.ts";

export interface DecodedTraces {
  readonly predictions: PredictionRecord[];
  /** Spans of ours that could not be taken, by reason; the rest of the batch stands. */
  readonly rejections: Rejection[];
  /** Spans without a model name and inference id. */
  readonly ignored: number;
  /** Inputs of accepted predictions that were left out: bytes, and arrays that are no vectors or too many or too long. */
  readonly ignoredInputs: number;
}

/**
 * The predictions in an OTLP traces request (ExportTraceServiceRequest), for models whose service sends only spans.
 * A span with `ml.model.name` and `ml.inference.id` is a prediction made at the span's end.
 * Throws OtlpDecodeError where the request as a whole is not OTLP.
 */
export function decodeTraces(body: Uint8Array, encoding: OtlpEncoding, context: DecodeContext): DecodedTraces {
  const predictions: PredictionRecord[] = [];
  const rejections = new RejectionCounter();
  let place = -1;
  let ignored = 0;
  let ignoredInputs = 0;
  const draft = new RecordDraft();
  const fields = new RecordFields(draft);
  const read = encoding === "protobuf" ? readWireTraces : readJsonTraces;
  read(body, draft, () => {
    place++;
    if (draft.value(attr.modelName) === undefined || draft.value(attr.inferenceId) === undefined) {
      ignored++;
      return;
    }
    const prediction = readPrediction(draft, fields, context);
    if (prediction === null) {
      rejections.add(fields.problem!, place);
      context.onRejected?.(fields.problem!, () => redactRecord(draft));
      return;
    }
    predictions.push(prediction);
    ignoredInputs += draft.inputs?.ignored ?? 0;
  });
  return { predictions, rejections: rejections.toList(), ignored, ignoredInputs };
}
