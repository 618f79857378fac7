import type { FinishedLogRecord } from "./log-sdk.ts";

/** Marks an object that stands for a value that JSON has no form of. */
const TAG = "$tidemark";

interface StoredRecords {
  readonly resources: readonly FinishedLogRecord["resource"][];
  readonly scopes: readonly FinishedLogRecord["instrumentationScope"][];
  /** Each with the places of its resource and its scope. */
  readonly items: readonly (Omit<FinishedLogRecord, "resource" | "instrumentationScope"> & {
    readonly resource: number;
    readonly scope: number;
  })[];
}

/** Log records as one JSON text: resources and scopes once, values that JSON lacks marked. */
export function toJson(records: readonly FinishedLogRecord[]): string {
  const resources = new Map<unknown, number>();
  const scopes = new Map<unknown, number>();
  const items = records.map((record) => ({
    ...pickFields(record),
    resource: placeOf(resources, record.resource),
    scope: placeOf(scopes, record.instrumentationScope),
  }));
  const stored: StoredRecords = {
    resources: [...(resources.keys() as Iterable<FinishedLogRecord["resource"]>)].map(({ attributes, schemaUrl }) => ({
      attributes,
      ...(schemaUrl !== undefined && { schemaUrl }),
    })),
    scopes: [...(scopes.keys() as Iterable<FinishedLogRecord["instrumentationScope"]>)],
    items,
  };
  return JSON.stringify(stored, tagged);
}

/**
 * The records of such a text; those of one resource or scope share one object again, by which exporters group.
 *
 * @throws SyntaxError or TypeError where it is none
 */
export function fromJson(text: string): FinishedLogRecord[] {
  const { resources, scopes, items } = JSON.parse(text, untagged) as StoredRecords;
  return items.map(({ resource, scope, ...record }) => {
    const found = { resource: resources[resource], instrumentationScope: scopes[scope] };
    if (found.resource === undefined || found.instrumentationScope === undefined) {
      throw new TypeError(`a record names resource ${resource} and scope ${scope}, which are not there`);
    }
    return { ...record, resource: found.resource, instrumentationScope: found.instrumentationScope };
  });
}

function placeOf(places: Map<unknown, number>, key: unknown): number {
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return place;
}

/** Named one by one: an SDK's record is a class with getters and links to its provider. */
function pickFields(record: FinishedLogRecord) {
  const { hrTime, hrTimeObserved, severityText, severityNumber, body, eventName, attributes } = record;
  return {
    hrTime,
    hrTimeObserved,
    severityText,
    severityNumber,
    body,
    eventName,
    attributes,
    droppedAttributesCount: record.droppedAttributesCount,
    ...(record.spanContext !== undefined && { spanContext: pickSpanContext(record.spanContext) }),
  };
}

function pickSpanContext({ traceId, spanId, traceFlags }: NonNullable<FinishedLogRecord["spanContext"]>) {
  return { traceId, spanId, traceFlags };
}

function tagged(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return { [TAG]: "number", value: String(value) };
  if (typeof value === "bigint") return { [TAG]: "bigint", value: String(value) };
  if (value instanceof Uint8Array) return { [TAG]: "bytes", value: Buffer.from(value).toString("base64") };
  return value;
}

function untagged(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(TAG in value)) return value;
  const { [TAG]: kind, value: text } = value as { [TAG]: unknown; value: string };
  if (kind === "number") return Number(text);
  if (kind === "bigint") return BigInt(text);
  return Uint8Array.from(Buffer.from(text, "base64"));
}
