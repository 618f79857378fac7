import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { Backpressure, REPLAY_QUEUE } from "../../src/replay/backpressure.ts";

test("nothing is dropped, however slow the exporter", async () => {
  let exported = 0;
  const slow: LogRecordExporter = {
    export(records, done) {
      setImmediate(() => {
        exported += records.length;
        done({ code: 0 });
      });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const processor = new BatchLogRecordProcessor({ exporter: slow, ...REPLAY_QUEUE });
  const provider = new LoggerProvider({ processors: [processor] });
  const logger = provider.getLogger("test");
  const backpressure = new Backpressure(() => processor.forceFlush());
  const [batches, perBatch] = [120, 1_000];
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < perBatch; i++) logger.emit({ eventName: "ml.inference.details" });
    await backpressure.afterRecording(perBatch);
  }
  await backpressure.settle();
  await provider.shutdown();
  assert.equal(exported, batches * perBatch);
});
