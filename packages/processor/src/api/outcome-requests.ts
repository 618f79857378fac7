import { OUTCOME_KINDS } from "@tidemark/schema";
import { attr, event, nearestName } from "@tidemark/semconv";
import { z } from "zod";
import { RequestError } from "./request-error.ts";

/** OTLP's times are unsigned 64-bit nanoseconds, of which 0 stands for none. */
const LAST_TIME_MS = Math.floor(2 ** 64 / 1e6);

/** One outcome as a person writes it; what it means is decided by the same decoder as for OTLP. */
const outcomeInput = z.strictObject({
  model: z.string({ error: "the name of the model, a text" }),
  id: z.string({ error: "the id of the prediction, a text" }),
  kind: z.string({ error: `one of ${OUTCOME_KINDS.join(", ")}` }).optional(),
  label: z.string({ error: "the true class, a text" }).optional(),
  value: z.number({ error: "a finite number" }).optional(),
  position: z.int({ error: "a whole number from 1" }).optional(),
  /** When it happened; the time of the request where absent. */
  time: z.iso
    .datetime({ offset: true, error: "ISO 8601 with a zone, such as 2026-11-25T19:00:00Z" })
    .refine((text) => Date.parse(text) > 0 && Date.parse(text) < LAST_TIME_MS, { error: "a time after 1970 began" })
    .optional(),
});

export const outcomeInputSchema = z.array(outcomeInput);

export interface OutcomeRequest {
  /** OTLP JSON of the well-formed outcomes. */
  readonly otlp: Uint8Array;
  /** How many these are. */
  readonly count: number;
  /** Their places among the outcomes of the request, from 0. */
  readonly places: readonly number[];
  /** The models that they are about, each once. */
  readonly models: readonly string[];
  /** How many were left out, and what was wrong with the first. */
  readonly malformed: { readonly count: number; readonly example: string } | null;
}

/** Checking one costs some ten microseconds, and nothing else runs meanwhile. */
const MAX_OUTCOMES = 100_000;

/**
 * Outcomes from a JSON array or JSON lines as an OTLP log request. A malformed outcome is counted and left out.
 * Throws RequestError 400 where the body is neither, 413 where it holds more than 100,000.
 */
export function parseOutcomes(body: Uint8Array, nowMs: number): OutcomeRequest {
  const inputs = parseBody(new TextDecoder().decode(body));
  const records: unknown[] = [];
  const places: number[] = [];
  const models = new Set<string>();
  let example: string | undefined;
  for (const [index, input] of inputs.entries()) {
    const result = outcomeInput.safeParse(input);
    if (result.success) {
      records.push(toLogRecord(result.data, nowMs));
      places.push(index);
      models.add(result.data.model);
    } else example ??= `outcome ${index}: ${explain(input, result.error)}`;
  }
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] };
  const malformed = example === undefined ? null : { count: inputs.length - records.length, example };
  return { otlp: Buffer.from(JSON.stringify(request)), count: records.length, places, models: [...models], malformed };
}

/** What the decoder of OTLP says of a record, by the names that the request has. */
export function inRequestTerms(example: string): string {
  return OTLP_NAMES.reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), example);
}

const OTLP_NAMES: readonly (readonly [string, keyof z.infer<typeof outcomeInput>])[] = [
  [attr.modelName, "model"],
  [attr.inferenceId, "id"],
  [attr.outcomeKind, "kind"],
  [attr.outcomeLabel, "label"],
  [attr.outcomeValue, "value"],
  [attr.outcomePosition, "position"],
  ["time_unix_nano", "time"],
];

function parseBody(text: string): unknown[] {
  try {
    if (text.trimStart().startsWith("[")) return atMost(JSON.parse(text) as unknown[]);
    const lines = atMost(text.split("\n").filter((line) => line.trim() !== ""));
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const message = `the body is neither a JSON array nor JSON lines: ${(error as Error).message}`;
    throw new RequestError(400, "requestInvalid", message, 'Send [{"model": ..., "id": ..., "label": ...}].');
  }
}

function atMost<T>(inputs: T[]): T[] {
  if (inputs.length <= MAX_OUTCOMES) return inputs;
  const message = `expected at most ${MAX_OUTCOMES} outcomes in a request, found ${inputs.length}`;
  throw new RequestError(413, "requestInvalid", message, "Send them in several requests.");
}

/** The first thing that is wrong: the member, what it is and what was expected. */
function explain(input: unknown, error: z.ZodError): string {
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const members = Object.keys(outcomeInput.shape);
    const nearest = nearestName(key.slice(0, 40), members);
    const advice = nearest === null ? `expected some of ${members.join(", ")}` : `did you mean "${nearest}"?`;
    return `"${key.slice(0, 40)}" is unknown; ${advice}`;
  }
  const [member] = issue.path;
  if (member === undefined) return `found ${briefly(input)}; expected an object of model, id and label or value`;
  const found = (input as Record<PropertyKey, unknown>)[member];
  return `${String(member)} is ${found === undefined ? "missing" : briefly(found)}; expected ${issue.message}`;
}

function briefly(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}

function toLogRecord(input: z.infer<typeof outcomeInput>, nowMs: number): unknown {
  const timeMs = input.time === undefined ? nowMs : Date.parse(input.time);
  const kind = input.kind ?? (input.value === undefined ? "class" : "value");
  const attribute = (key: string, value: Record<string, unknown>) => ({ key, value });
  return {
    timeUnixNano: `${BigInt(timeMs) * 1_000_000n}`,
    eventName: event.outcomeReported,
    attributes: [
      attribute(attr.modelName, { stringValue: input.model }),
      attribute(attr.inferenceId, { stringValue: input.id }),
      attribute(attr.outcomeKind, { stringValue: kind }),
      ...(input.label === undefined ? [] : [attribute(attr.outcomeLabel, { stringValue: input.label })]),
      ...(input.value === undefined ? [] : [attribute(attr.outcomeValue, { doubleValue: input.value })]),
      ...(input.position === undefined ? [] : [attribute(attr.outcomePosition, { intValue: String(input.position) })]),
    ],
  };
}
