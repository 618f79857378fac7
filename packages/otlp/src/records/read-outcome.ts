import { OUTCOME_KINDS, type OutcomeKind, type OutcomeRecord } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import type { DecodeContext } from "../decode-context.ts";
import type { RecordFields } from "./record-fields.ts";

/** The outcome in a draft, or null where `fields.problem` says what is wrong with it. */
export function readOutcome(fields: RecordFields, context: DecodeContext): OutcomeRecord | null {
  fields.begin();
  const record: OutcomeRecord = {
    tenant: context.tenant,
    model: fields.requiredText(attr.modelName, "model_name_missing"),
    id: fields.requiredText(attr.inferenceId, "inference_id_missing"),
    timeUnixNano: fields.time(context),
    kind: readKind(fields),
    label: fields.optionalText(attr.outcomeLabel),
    value: fields.optionalNumber(attr.outcomeValue),
    position: fields.optionalNumber(attr.outcomePosition),
  };
  checkContent(record, fields);
  return fields.problem === null ? record : null;
}

function readKind(fields: RecordFields): OutcomeKind {
  const kind = fields.optionalText(attr.outcomeKind) ?? "";
  if (isKind(kind)) return kind;
  const expected = `expected one of ${OUTCOME_KINDS.join(", ")}`;
  if (kind === "") fields.refuse("outcome_kind_missing", `${attr.outcomeKind} is missing; ${expected}`);
  else fields.refuse("unknown_outcome_kind", `${attr.outcomeKind} is "${kind.slice(0, 40)}"; ${expected}`);
  return "class";
}

/** A class needs its label, a value its number, a rank its position; a click or conversion may stand for itself. */
function checkContent({ kind, label, value, position }: OutcomeRecord, fields: RecordFields): void {
  if (kind === "class" && (label === null || label === "")) missing(attr.outcomeLabel);
  if (kind === "value" && value === null) missing(attr.outcomeValue);
  if (kind === "rank" && position === null) missing(attr.outcomePosition);
  if (position !== null && !(Number.isSafeInteger(position) && position > 0)) {
    fields.refuse("position_out_of_range", `${attr.outcomePosition} is ${position}; expected an integer from 1`);
  }
  function missing(key: string): void {
    fields.refuse("outcome_content_missing", `${key} is missing; expected it with ${attr.outcomeKind} "${kind}"`);
  }
}

function isKind(kind: string): kind is OutcomeKind {
  return (OUTCOME_KINDS as readonly string[]).includes(kind);
}
