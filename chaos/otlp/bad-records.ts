import type { OtlpSignal } from "@tidemark/otlp";
import type { SeededRandom } from "../../bench/detection/seeded-random.ts";
import type { OtlpJson } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";

type Json = Record<string, unknown>;
type Change = readonly [name: string, change: (record: Json) => void];

const set = (key: string, value: unknown) => (record: Json) => {
  const attributes = record["attributes"] as Json[];
  record["attributes"] = [...attributes.filter((entry) => entry["key"] !== key), { key, value }];
};

/** What makes one prediction wrong, whatever else the request holds; each is refused, and nothing beside it. */
const BAD_PREDICTIONS: readonly Change[] = [
  ["score is text", set("ml.prediction.score", { stringValue: "high" })],
  ["score is not a number", set("ml.prediction.score", { doubleValue: Number.NaN })],
  ["score is infinite", set("ml.prediction.score", { doubleValue: Number.POSITIVE_INFINITY })],
  ["no model", set("ml.model.name", { stringValue: "" })],
  ["no id", set("ml.inference.id", { stringValue: "" })],
  ["an endless id", set("ml.inference.id", { stringValue: "x".repeat(257) })],
  ["an unknown role", set("ml.deployment.role", { stringValue: "__proto__" })],
  ["a probability of 0", set("ml.sampling.probability", { doubleValue: 0 })],
  ["a probability above 1", set("ml.sampling.probability", { doubleValue: 1.5 })],
  ["inputs are text", set("ml.inference.inputs", { stringValue: "distance=1" })],
  ["inputs are nested", set("ml.inference.inputs", nested())],
  ["segments do not match", set("ml.segment.name", { stringValue: "airport" })],
  [
    "257 attributes",
    (record) => {
      const more = Array.from({ length: 257 }, (_, index) => ({ key: `k${index}`, value: { intValue: "1" } }));
      record["attributes"] = [...(record["attributes"] as Json[]), ...more];
    },
  ],
];

const BAD_TIMES: readonly (readonly [name: string, nanos: string])[] = [
  ["no time", "0"],
  ["a time of 1970", "1000000000"],
  ["a time beyond signed 64 bits", "18446744073709551615"],
];

const BAD_POINTS: readonly Change[] = [
  ["counts do not fit boundaries", (point) => (point["bucketCounts"] = ["1", "2"])],
  ["counts do not sum", (point) => (point["count"] = "7")],
  ["boundaries descend", (point) => (point["explicitBounds"] = [2.5, 1])],
  ["a boundary is infinite", (point) => (point["explicitBounds"] = [1, Number.POSITIVE_INFINITY])],
  ["start after time", (point) => (point["startTimeUnixNano"] = "18446744073709551615")],
  ["no feature", set("ml.feature.name", { stringValue: "" })],
  ["an endless model", set("ml.model.name", { stringValue: "x".repeat(257) })],
];

/** Makes one record of a valid request wrong, in place, and says how. */
export function spoilOne(signal: OtlpSignal, request: OtlpJson, random: SeededRandom): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.uniform() * items.length)]!;
  const records = recordsOf(signal, request);
  // The last log record is an outcome.
  const record = records[Math.floor(random.uniform() * (records.length - 1))]!;
  if (signal !== "metrics" && random.uniform() < 0.2) {
    const [name, nanos] = pick(BAD_TIMES);
    record[signal === "logs" ? "timeUnixNano" : "endTimeUnixNano"] = nanos;
    return name;
  }
  const [name, change] = pick(signal === "metrics" ? BAD_POINTS : BAD_PREDICTIONS);
  change(record);
  return name;
}

/** The records, spans or points of a request that baseRequest made. */
export function recordsOf(signal: OtlpSignal, request: OtlpJson): Json[] {
  const step = (value: unknown, ...path: (string | number)[]) =>
    path.reduce<unknown>((found, key) => (found as Record<string | number, unknown>)[key], value);
  switch (signal) {
    case "logs":
      return step(request, "resourceLogs", 0, "scopeLogs", 0, "logRecords") as Json[];
    case "traces":
      return step(request, "resourceSpans", 0, "scopeSpans", 0, "spans") as Json[];
    case "metrics":
      return step(request, "resourceMetrics", 0, "scopeMetrics", 0, "metrics", 0, "histogram", "dataPoints") as Json[];
  }
}

function nested(): unknown {
  const inner = { kvlistValue: { values: [{ key: "a", value: { intValue: "1" } }] } };
  return { kvlistValue: { values: [{ key: "distance", value: inner }] } };
}
