import { type Context, context, type Span, SpanStatusCode, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { attr, toEventNumber } from "@tidemark/semconv";
import { isDuration } from "../aggregate/is-duration.ts";
import { toHrTime } from "../export/hr-time.ts";
import { errorTypeOf } from "./error-type.ts";
import { labelText } from "./label-text.ts";
import { hasFailed } from "./record-prediction.ts";
import type { Prediction } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";

const MS_PER_SECOND = 1_000;

export interface FinishedCall {
  /** Event time at which the call began. */
  readonly timeMs: number;
  readonly durationSeconds: unknown;
  readonly error: unknown;
  /** Of a single prediction; a batch is one span and says neither. */
  readonly id?: string;
  readonly prediction?: Prediction;
}

/**
 * A call that is over, as a span. Returns the context that its events belong to; undefined without spans, or where the
 * host's tracer throws: the prediction is counted all the same.
 */
export function recordCallSpan(parts: RecorderParts, name: string, call: FinishedCall): Context | undefined {
  if (parts.tracer === null) return undefined;
  try {
    return writeSpan(parts, parts.tracer, name, call);
  } catch (error) {
    parts.drops.addError(error);
    return undefined;
  }
}

/** What a single prediction says on its span. */
export function describePrediction(span: Span, id: string, { score, label, value, contribution }: Prediction): void {
  span.setAttribute(attr.inferenceId, id);
  const text = labelText(label);
  if (text !== undefined) span.setAttribute(attr.predictionLabel, text);
  const numbers = [
    [attr.predictionScore, score],
    [attr.predictionValue, value],
    [attr.ensembleContribution, contribution],
  ] as const;
  for (const [key, number] of numbers) {
    // A Collector refuses the batch, the host's own spans in it, for a NaN in the SDK's JSON.
    if (typeof number === "number" && Number.isFinite(number)) span.setAttribute(key, toEventNumber(number));
  }
}

export function markFailed(span: Span, error: unknown): void {
  span.setAttribute(attr.errorType, errorTypeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/**
 * Whether a span would be lost anyway: its parent is not sampled, and every sampler of the SDK then decides the same, as it
 * has the same trace id or asks the parent. Making one to find that out costs more than counting the prediction.
 */
export function isBelowUnsampled(active: Context): boolean {
  const parent = trace.getSpanContext(active);
  return parent !== undefined && (parent.traceFlags & TraceFlags.SAMPLED) === 0 && trace.isSpanContextValid(parent);
}

function writeSpan(parts: RecorderParts, tracer: Tracer, name: string, call: FinishedCall): Context {
  const active = context.active();
  if (isBelowUnsampled(active)) return active;
  const span = tracer.startSpan(name, {
    kind: parts.spanKind,
    startTime: toHrTime(call.timeMs),
  });
  // What nobody will see is neither described nor made anybody's parent.
  if (!span.isRecording()) return active;
  span.setAttributes(parts.spanAttributes);
  if (call.id !== undefined && call.prediction !== undefined) describePrediction(span, call.id, call.prediction);
  if (hasFailed(call.error)) markFailed(span, call.error);
  const durationMs = isDuration(call.durationSeconds) ? call.durationSeconds * MS_PER_SECOND : 0;
  span.end(toHrTime(call.timeMs + durationMs));
  return trace.setSpan(active, span);
}
