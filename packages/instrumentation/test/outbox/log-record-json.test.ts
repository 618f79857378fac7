import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { fromJson, toJson } from "../../src/outbox/log-record-json.ts";

describe("log records as JSON", () => {
  it("are the same bytes on the wire after as before", () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ "service.name": "flights", tags: ["a", "b"] }),
      processors: [new SimpleLogRecordProcessor({ exporter })],
    });
    const span = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
    const loggers = ["one", "two"].map((name) =>
      provider.getLogger(name, "1.2", { schemaUrl: "https://example.org/s" }),
    );
    for (const [index, logger] of [...loggers, ...loggers].entries()) {
      logger.emit({
        eventName: "ml.inference.details",
        severityNumber: 9,
        severityText: "INFO",
        timestamp: 978_368_460_123 + index,
        body: { odd: [1, null, "x"] },
        attributes: {
          score: 0.5,
          infinite: Infinity,
          none: Number.NaN,
          bytes: new Uint8Array([1, 2]),
          map: { a: true },
        },
        context: trace.setSpanContext(ROOT_CONTEXT, span),
      });
    }
    const records = exporter.getFinishedLogRecords();
    const again = fromJson(toJson(records)) as unknown as ReadableLogRecord[];
    assert.deepEqual(ProtobufLogsSerializer.serializeRequest(again), ProtobufLogsSerializer.serializeRequest(records));
  });

  it("keep BigInts", () => {
    const record = {
      hrTime: [1, 2] as [number, number],
      hrTimeObserved: [3, 4] as [number, number],
      resource: { attributes: {} },
      instrumentationScope: { name: "s" },
      attributes: { big: 2n ** 60n },
      droppedAttributesCount: 0,
    };
    assert.deepEqual(fromJson(toJson([record]))[0]?.attributes, record.attributes);
  });

  it("that are torn are refused", () => {
    for (const text of ["", "{", "{}", '{"resources":[],"scopes":[],"items":[{"resource":1}]}']) {
      assert.throws(() => fromJson(text), /JSON|undefined/);
    }
  });
});
