import type { OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import { event } from "@tidemark/semconv";
import type { DecodeContext, OtlpEncoding } from "./decode-context.ts";
import { readJsonLogs } from "./json/json-logs.ts";
import { readOutcome } from "./records/read-outcome.ts";
import { readPrediction } from "./records/read-prediction.ts";
import { RecordDraft } from "./records/record-draft.ts";
import { RecordFields } from "./records/record-fields.ts";
import { redactRecord } from "./records/redact.ts";
import { type Rejection, RejectionCounter } from "./records/rejections.ts";
import { readWireLogs } from "./wire/wire-logs.ts";

export interface DecodedLogs {
  readonly predictions: PredictionRecord[];
  readonly outcomes: OutcomeRecord[];
  /** Our records that could not be taken, by reason; the rest of the batch stands. */
  readonly rejections: Rejection[];
  /** Log records that are none of our events. */
  readonly ignored: number;
  /** Inputs of accepted predictions that were left out: bytes, and arrays that are no vectors or too many or too long. */
  readonly ignoredInputs: number;
}

/**
 * The predictions and outcomes of an OTLP logs request (ExportLogsServiceRequest), in the order of the request.
 * A record is ours by its event name: LogRecord.event_name or the older attribute `event.name`.
 * Throws OtlpDecodeError where the request as a whole is not OTLP.
 */
export function decodeLogs(body: Uint8Array, encoding: OtlpEncoding, context: DecodeContext): DecodedLogs {
  const predictions: PredictionRecord[] = [];
  const outcomes: OutcomeRecord[] = [];
  const rejections = new RejectionCounter();
  let place = -1;
  let ignored = 0;
  let ignoredInputs = 0;
  const draft = new RecordDraft();
  const fields = new RecordFields(draft);
  const reject = () => {
    rejections.add(fields.problem!, place);
    context.onRejected?.(fields.problem!, () => redactRecord(draft));
  };
  const read = encoding === "protobuf" ? readWireLogs : readJsonLogs;
  read(body, draft, () => {
    place++;
    const name = draft.eventName !== "" ? draft.eventName : draft.value("event.name");
    if (name === event.inferenceDetails) {
      const prediction = readPrediction(draft, fields, context);
      if (prediction === null) return reject();
      predictions.push(prediction);
      ignoredInputs += draft.inputs?.ignored ?? 0;
    } else if (name === event.outcomeReported) {
      const outcome = readOutcome(fields, context);
      if (outcome === null) return reject();
      outcomes.push(outcome);
    } else {
      ignored++;
    }
  });
  return { predictions, outcomes, rejections: rejections.toList(), ignored, ignoredInputs };
}
