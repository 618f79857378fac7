type Plain = string | number | readonly number[] | { readonly [name: string]: Plain };

export interface EventSpec {
  readonly event: "ml.inference.details" | "ml.outcome.reported";
  readonly timeMs: number;
  readonly attributes: Readonly<Record<string, Plain>>;
}

/** What any language must send: an export request of log records as OTLP JSON. */
function logsRequest(events: readonly EventSpec[]): string {
  const logRecords = events.map(({ event, timeMs, attributes }) => ({
    timeUnixNano: `${timeMs}000000`,
    eventName: event,
    severityNumber: 9,
    attributes: keyValues(attributes),
  }));
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] });
}

/** Posts events to a Collector or to the processor; throws on anything but 200. */
export async function sendEvents(url: string, events: readonly EventSpec[]): Promise<void> {
  await postOtlp(`${url}/v1/logs`, logsRequest(events));
}

export async function postOtlp(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

export function keyValues(attributes: Readonly<Record<string, Plain>>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Plain): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { doubleValue: value };
  if (isVector(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

const isVector = (value: Plain): value is readonly number[] => Array.isArray(value);
