import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { attr, event } from "@tidemark/semconv";

/** Model of the canary in the processor's configuration. */
export const CANARY_MODEL = "tidemark.canary";
/** Its one input runs through 0 to 99 and back: evenly spread over any hundred of them. */
export const CANARY_VALUES = 100;
const STRIDE = 37;
const ASK_EVERY_MS = 250;

export interface CanaryTarget {
  /** OTLP/HTTP address that the services send to: the Collector's, or the processor's. */
  readonly endpoint: string;
  /** Token of the scope ingest for it, and of the scope read for the processor; null where none is asked for. */
  readonly ingestToken: string | null;
  readonly readToken: string | null;
  readonly processor: string;
  /** Time that a prediction and its outcome may take until they are stored and joined. */
  readonly withinMs: number;
}

/** What came of one canary. */
export interface CanaryResult {
  /** Null where it arrived; else what did not. */
  readonly problem: string | null;
  /** From sending to being read back, joined. */
  readonly seconds: number;
}

/**
 * Sends one prediction with its outcome the way services do, and reads it back from the processor: receiving, storing and
 * joining all work, and how long they take. Never rejects.
 * @param turn counts up; tells the value.
 */
export async function flyCanary(target: CanaryTarget, turn: number): Promise<CanaryResult> {
  const startedMs = performance.now();
  const id = randomUUID();
  const seconds = () => (performance.now() - startedMs) / 1_000;
  const signal = AbortSignal.timeout(target.withinMs);
  let missing = "the prediction could not be sent";
  try {
    await send(target, id, (turn * STRIDE) % CANARY_VALUES, signal);
    missing = "the prediction was sent and is not stored";
    for (;;) {
      const found = await read(target, id, signal);
      if (found === "joined") return { problem: null, seconds: seconds() };
      if (found === "alone") missing = "the prediction is stored without its outcome";
      await delay(ASK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    const reason = signal.aborted ? `within ${target.withinMs / 1_000} s` : (error as Error).message;
    return { problem: `${missing}: ${reason}`, seconds: seconds() };
  }
}

/** A prediction and its outcome as OTLP/JSON log records, in one request. */
async function send(
  { endpoint, ingestToken }: CanaryTarget,
  id: string,
  value: number,
  signal: AbortSignal,
): Promise<void> {
  const label = value >= CANARY_VALUES / 2 ? "high" : "low";
  const timeUnixNano = `${Date.now()}000000`;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const number = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });
  const own = [text(attr.modelName, CANARY_MODEL), text(attr.inferenceId, id)];
  const logRecords = [
    {
      timeUnixNano,
      eventName: event.inferenceDetails,
      attributes: [
        ...own,
        text(attr.modelVersion, "1"),
        text(attr.predictionLabel, label),
        number(attr.predictionScore, value / CANARY_VALUES),
        { key: attr.inferenceInputs, value: { kvlistValue: { values: [number("value", value)] } } },
      ],
    },
    {
      timeUnixNano,
      eventName: event.outcomeReported,
      attributes: [...own, text(attr.outcomeKind, "class"), text(attr.outcomeLabel, label)],
    },
  ];
  const response = await fetch(new URL("/v1/logs", endpoint), {
    method: "POST",
    headers: { "content-type": "application/json", ...bearer(ingestToken) },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    signal,
  });
  if (!response.ok) throw new Error(`${endpoint} answered ${response.status}`);
}

async function read(
  { processor, readToken }: CanaryTarget,
  id: string,
  signal: AbortSignal,
): Promise<"joined" | "alone" | null> {
  const url = new URL(`/v1/predictions/${id}?${new URLSearchParams({ model: CANARY_MODEL })}`, processor);
  const response = await fetch(url, { headers: bearer(readToken), signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${processor} answered ${response.status}`);
  const { predictions } = (await response.json()) as { predictions?: { outcome: unknown }[] };
  if (predictions === undefined || predictions.length === 0) return null;
  return predictions[0]!.outcome === null ? "alone" : "joined";
}

function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
