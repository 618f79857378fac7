import type { OtlpSignal } from "@tidemark/otlp";
import { oneMetric, toKeyValues } from "../../packages/otlp/test/support/both-encodings.ts";
import type { OtlpJson } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";

/** Number of records, points or spans that each base request has. */
export const RECORDS = 4;

/** A valid request of each signal in OTLP/JSON, about the moment given. `id` makes its records new. */
export function baseRequest(signal: OtlpSignal, nowMs: number, id: string): OtlpJson {
  const nanos = `${BigInt(nowMs) * 1_000_000n}`;
  switch (signal) {
    case "logs":
      return {
        resourceLogs: [
          {
            resource: { attributes: toKeyValues({ "service.name": "flights" }) },
            scopeLogs: [{ scope: { name: "chaos" }, logRecords: logRecords(nanos, id) }],
          },
        ],
      };
    case "traces": {
      const spans = Array.from({ length: RECORDS }, (_, index) => ({
        traceId: "5b8efff798038103d269b633813fc60c",
        name: "predict",
        startTimeUnixNano: nanos,
        endTimeUnixNano: nanos,
        attributes: toKeyValues(prediction(`${id}-${index}`)),
      }));
      return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "chaos" }, spans }] }] };
    }
    case "metrics":
      return oneMetric(
        {
          name: "ml.feature.value",
          unit: "{value}",
          histogram: { aggregationTemporality: 2, dataPoints: points(nanos) },
        },
        { "service.name": "flights", "service.instance.id": "chaos" },
      );
  }
}

function prediction(id: string): Record<string, unknown> {
  return {
    "ml.model.name": "flight-delay",
    "ml.model.version": "1",
    "ml.inference.id": id,
    "ml.prediction.label": "late",
    "ml.prediction.score": 0.75,
    "ml.inference.inputs": { distance: 300.5, origin: "LAS", late: true },
  };
}

function logRecords(timeUnixNano: string, id: string): OtlpJson[] {
  return Array.from({ length: RECORDS }, (_, index) =>
    index === RECORDS - 1
      ? {
          timeUnixNano,
          eventName: "ml.outcome.reported",
          attributes: toKeyValues({
            "ml.model.name": "flight-delay",
            "ml.inference.id": `${id}-0`,
            "ml.outcome.kind": "class",
            "ml.outcome.label": "late",
          }),
        }
      : {
          timeUnixNano,
          eventName: "ml.inference.details",
          body: { stringValue: "a body nobody reads" },
          attributes: toKeyValues(prediction(`${id}-${index}`)),
        },
  );
}

function points(timeUnixNano: string): OtlpJson[] {
  return Array.from({ length: RECORDS }, (_, index) => ({
    startTimeUnixNano: timeUnixNano,
    timeUnixNano,
    count: "6",
    sum: 12.5,
    bucketCounts: ["1", "2", "3"],
    explicitBounds: [1, 2.5],
    attributes: toKeyValues({
      "ml.model.name": "flight-delay",
      "ml.model.version": `${index}`,
      "ml.feature.name": "distance",
    }),
  }));
}
