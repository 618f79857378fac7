import type { PredictionRecord } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import type { DecodeContext } from "../decode-context.ts";
import type { RecordDraft } from "./record-draft.ts";
import type { RecordFields } from "./record-fields.ts";

/** The prediction in a draft, or null where `fields.problem` says what is wrong with it. */
export function readPrediction(
  draft: RecordDraft,
  fields: RecordFields,
  context: DecodeContext,
): PredictionRecord | null {
  fields.begin();
  const vectors = fields.vectors();
  const attributions = fields.attributions();
  const probabilities = fields.probabilities();
  const memberAnswers = fields.memberAnswers();
  const record: PredictionRecord = {
    tenant: context.tenant,
    model: fields.requiredText(attr.modelName, "model_name_missing"),
    version: fields.optionalText(attr.modelVersion) ?? "",
    role: fields.role(),
    id: fields.requiredText(attr.inferenceId, "inference_id_missing"),
    timeUnixNano: fields.time(context),
    label: fields.optionalText(attr.predictionLabel),
    score: fields.optionalNumber(attr.predictionScore),
    value: fields.optionalNumber(attr.predictionValue),
    samplingProbability: fields.samplingProbability(),
    traceId: draft.traceId,
    segments: fields.segments(),
    inputs: fields.inputs(),
    ...(vectors === null ? {} : { vectors }),
    ...(attributions === null ? {} : { attributions }),
    ...(probabilities === null ? {} : { probabilities }),
    ...(memberAnswers === null ? {} : { memberAnswers }),
  };
  return fields.problem === null ? record : null;
}
