import { createHash } from "node:crypto";
import { attr } from "@tidemark/semconv";
import type { AttributeValue } from "../attribute-value.ts";
import type { MetricDraft, PointDraft } from "../points/point-draft.ts";
import type { RecordDraft } from "./record-draft.ts";

/**
 * What a refused record looked like, without what it said: names that say where it belongs stand in clear, an id as the
 * start of its SHA-256, and every other value as its type and size.
 */
export type RedactedRecord = Readonly<Record<string, string>>;

const CLEAR: ReadonlySet<string> = new Set([
  attr.modelName,
  attr.modelVersion,
  attr.deploymentRole,
  attr.outcomeKind,
  attr.featureName,
  "event.name",
]);
const CLEAR_CHARACTERS = 64;
const MAX_ENTRIES = 32;

export function redactRecord(draft: RecordDraft): RedactedRecord {
  const { eventName, timeUnixNano, attributeCount, inputs } = draft;
  return {
    ...(eventName === "" ? {} : { event_name: clear(eventName) }),
    time_unix_nano: String(timeUnixNano),
    attributes: String(attributeCount),
    ...redactEntries(draft.known()),
    ...(inputs === null ? {} : { [attr.inferenceInputs]: `map of ${inputs.count}` }),
  };
}

export function redactPoint({ name, kind, temporality }: MetricDraft, point: PointDraft): RedactedRecord {
  return {
    metric: clear(name),
    kind,
    temporality: String(temporality),
    start_time_unix_nano: String(point.startUnixNano),
    time_unix_nano: String(point.timeUnixNano),
    buckets: String(point.bucketCounts.length),
    boundaries: String(point.boundaries.length),
    ...redactEntries(point.attributes.values),
  };
}

function redactEntries(entries: Iterable<readonly [string, AttributeValue]>): RedactedRecord {
  const redacted = [...entries].slice(0, MAX_ENTRIES).map(([key, value]) => [clear(key), redactValue(key, value)]);
  return Object.fromEntries(redacted) as RedactedRecord;
}

function redactValue(key: string, value: AttributeValue): string {
  if (typeof value === "string") {
    if (CLEAR.has(key)) return clear(value);
    if (key !== attr.inferenceId) return `string of ${value.length}`;
    return `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`;
  }
  if (value === null) return "empty";
  if (value instanceof Uint8Array) return `bytes of ${value.length}`;
  if (value instanceof Map) return `map of ${value.size}`;
  return Array.isArray(value) ? `array of ${value.length}` : typeof value;
}

function clear(text: string): string {
  return text.slice(0, CLEAR_CHARACTERS);
}
