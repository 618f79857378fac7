import { hash } from "node:crypto";
import type { AttributeSet, AttributeValue } from "../attribute-value.ts";
import type { MetricDraft, PointOrigin } from "./point-draft.ts";

/**
 * Identifies the series of a point: the first 64 bits of SHA-256, 16 hex digits, over resource, scope, metric and
 * attributes. The order of attributes does not matter, nor does the encoding. Two of n series share an id with
 * probability n^2 / 2^65: 3e-8 for a million.
 */
export class SeriesHasher {
  private readonly origins = new WeakMap<PointOrigin, string>();

  seriesOf(metric: MetricDraft, attributes: AttributeSet): string {
    let origin = this.origins.get(metric.origin);
    if (origin === undefined) {
      origin = describeOrigin(metric.origin);
      this.origins.set(metric.origin, origin);
    }
    return digest(origin + textOf(metric.name) + textOf(metric.kind) + attributesOf(attributes));
  }
}

function describeOrigin(origin: PointOrigin): string {
  return digest(
    attributesOf(origin.resource) + textOf(origin.scopeName) + textOf(origin.scopeVersion) + attributesOf(origin.scope),
  );
}

function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

function attributesOf(set: AttributeSet): string {
  return mapOf(set.values);
}

/** Every part carries its length or an end mark, so that no two sets of attributes give one text. */
function anyOf(value: AttributeValue): string {
  if (value === null) return "n";
  if (typeof value === "string") return `s${textOf(value)}`;
  if (typeof value === "number" || typeof value === "bigint") return `d${value};`;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value instanceof Uint8Array) return `b${textOf(Buffer.from(value).toString("hex"))}`;
  if (value instanceof Map) return `m${mapOf(value)}`;
  const items = value as readonly AttributeValue[];
  return `a${items.length}[${items.map(anyOf).join("")}`;
}

function mapOf(map: ReadonlyMap<string, AttributeValue>): string {
  const keys = [...map.keys()].sort();
  let text = `${keys.length}{`;
  for (const key of keys) text += textOf(key) + anyOf(map.get(key)!);
  return text;
}

function textOf(text: string): string {
  return `${text.length}:${text}`;
}
