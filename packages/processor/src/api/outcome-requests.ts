import { attr, event } from "@tidemark/semconv";
import { z } from "zod";
import { RequestError } from "./request-error.ts";

/** One outcome as a person writes it; what it means is decided by the same decoder as for OTLP. */
const outcomeInput = z.strictObject({
  model: z.string(),
  id: z.string(),
  kind: z.string().optional(),
  label: z.string().optional(),
  value: z.number().optional(),
  position: z.number().int().optional(),
  /** When it happened; the time of the request where absent. */
  time: z.iso.datetime({ offset: true }).optional(),
});

export const outcomeInputSchema = z.array(outcomeInput);

export interface OutcomeRequest {
  /** OTLP JSON of the well-formed outcomes. */
  readonly otlp: Uint8Array;
  /** How many these are. */
  readonly count: number;
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
  const inputs = parseBody(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  const records: unknown[] = [];
  let example: string | undefined;
  for (const [index, input] of inputs.entries()) {
    const result = outcomeInput.safeParse(input);
    if (result.success) records.push(toLogRecord(result.data, nowMs));
    else example ??= explain(index, result.error);
  }
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] };
  const malformed = example === undefined ? null : { count: inputs.length - records.length, example };
  return { otlp: Buffer.from(JSON.stringify(request)), count: records.length, malformed };
}

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

function explain(index: number, error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `outcome ${index}: ${issue.path.length === 0 ? "" : `${issue.path.join(".")}: `}${issue.message}`;
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
