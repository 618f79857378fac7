import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ExportResult, LogRecordExporter, RecordProcessorOptions } from "@tidemark/instrumentation";
import { createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-outbox-"));
  folders.push(folder);
  return folder;
}

/** An exporter that answers as it is told to. */
class FakeExporter implements LogRecordExporter {
  answer: "ok" | "fail" | "hang" | "throw" = "ok";
  readonly taken: string[] = [];
  readonly hanging: ((result: ExportResult) => void)[] = [];
  attempts = 0;

  export(logs: ReadableLogRecord[], settle: (result: ExportResult) => void): void {
    this.attempts++;
    if (this.answer === "throw") throw new Error("injected");
    if (this.answer === "hang") this.hanging.push(settle);
    else {
      if (this.answer === "ok") this.taken.push(...logs.map(({ attributes }) => String(attributes["ml.inference.id"])));
      settle({ code: this.answer === "ok" ? 0 : 1 });
    }
  }
  async shutdown(): Promise<void> {}
}

/** Predictions of a service through a record processor, on a clock that is moved by hand. */
function createService(t: TestContext, options: RecordProcessorOptions = {}) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const exporter = new FakeExporter();
  const harness = createHarness();
  const processor = harness.tidemark.recordProcessor(exporter, options);
  const loggerProvider = new LoggerProvider({ processors: [processor] });
  const recorder = createHarness({ loggerProvider }).tidemark.describeModel({ ...FLIGHTS, spans: false });
  let made = 0;
  return {
    exporter,
    processor,
    predict(count: number) {
      for (let row = 0; row < count; row++) recorder.record({ inputs: GOOD_INPUTS, id: `id-${made++}` });
    },
    ids: () => Array.from({ length: made }, (_, row) => `id-${row}`),
    /** Lets time pass a second at a time, and what is then begun come to its end. */
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        t.mock.timers.tick(1_000);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    /** Lets time pass until something holds: the disk takes as long as it takes. */
    async passUntil(holds: () => boolean | Promise<boolean>) {
      for (let second = 0; second < 5_000 && !(await holds()); second++) await this.pass(1);
      assert.ok(await holds());
    },
    /** Read from the producer itself: the SDK's exporter in memory waits for a timer, which stands still here. */
    async dropped() {
      const { resourceMetrics } = await harness.tidemark.metricProducer.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
      const lost = metrics.find(({ descriptor }) => descriptor.name === "tidemark.instrumentation.dropped");
      return Object.fromEntries<number>(
        (lost?.dataPoints ?? []).map(({ attributes, value }) => [
          attributes["tidemark.drop.reason"] as string,
          value as number,
        ]),
      );
    },
  };
}

describe("recordProcessor", () => {
  it("exports in batches and in order, after a delay or when a batch is full", async (t) => {
    const service = createService(t, { maxBatchSize: 10 });
    service.predict(3);
    assert.equal(service.exporter.attempts, 0);
    await service.pass(1);
    assert.deepEqual(service.exporter.taken, service.ids());
    service.predict(25);
    await service.passUntil(() => service.exporter.taken.length === 28);
    assert.deepEqual(service.exporter.taken, service.ids());
    assert.deepEqual(await service.dropped(), {});
  });

  it("exports what waits when it is flushed or shut down", async (t) => {
    const service = createService(t);
    service.predict(3);
    await service.processor.forceFlush();
    assert.deepEqual(service.exporter.taken, service.ids());
    service.predict(2);
    await service.processor.shutdown();
    assert.deepEqual(service.exporter.taken, service.ids());
  });

  it("with an exporter that hangs holds a bounded number of records, and counts every other", async (t) => {
    const service = createService(t, { maxQueueSize: 100, maxBatchSize: 10, timeoutMs: 2_000 });
    service.exporter.answer = "hang";
    for (let minute = 0; minute < 30; minute++) {
      service.predict(50);
      await service.pass(60);
    }
    assert.equal(service.exporter.hanging.length, 4);
    const { queue_overflow: lost } = (await service.dropped()) as { queue_overflow: number };
    assert.ok(lost >= 1_500 - 140 && lost <= 1_400, `${lost} of 1,500`);
    service.exporter.answer = "ok";
    for (const settle of service.exporter.hanging) settle({ code: 1 });
    await service.passUntil(() => service.exporter.taken.length + lost >= 1_500);
    assert.equal(service.exporter.taken.length, 1_500 - lost);
  });

  it("holds vectors of at most four million numbers, whatever becomes of the exports, and counts every other record", async (t) => {
    const service = createService(t, { maxBatchSize: 2_000 });
    const text = new Array<number>(4_096).fill(0.5);
    const record = (id: number) => ({
      hrTime: [0, 0] as const,
      attributes: { "ml.inference.id": `vector-${id}`, "ml.inference.inputs": { age: 3, text } },
    });
    const emit = (count: number) => {
      for (let id = 0; id < count; id++) service.processor.onEmit(record(id));
    };
    const room = Math.floor(4_000_000 / 4_096);
    service.exporter.answer = "fail";
    emit(room + 7);
    assert.deepEqual(await service.dropped(), { queue_overflow: 7 });
    // A failed batch goes back and takes the same room.
    await service.pass(1);
    assert.equal(service.exporter.attempts, 1);
    emit(1);
    assert.deepEqual(await service.dropped(), { queue_overflow: 8 });
    service.exporter.answer = "ok";
    await service.passUntil(() => service.exporter.taken.length === room);
    emit(room);
    await service.processor.forceFlush();
    assert.equal(service.exporter.taken.length, 2 * room);
    assert.deepEqual(await service.dropped(), { queue_overflow: 8 });
  });

  it("counts what is left when the service ends while exports fail or throw", async (t) => {
    const service = createService(t);
    service.exporter.answer = "throw";
    service.predict(7);
    await service.processor.shutdown();
    service.predict(2);
    assert.deepEqual(await service.dropped(), { internal_error: 1, export_failed: 7, queue_overflow: 2 });
  });

  it("goes on after a clock that was set back by a year", async (t) => {
    const service = createService(t);
    service.exporter.answer = "fail";
    service.predict(1);
    await service.pass(1);
    t.mock.timers.setTime(1);
    service.exporter.answer = "ok";
    await service.passUntil(() => service.exporter.taken.length === 1);
  });

  it("takes defaults for options that cannot be used", async (t) => {
    const service = createService(t, { maxQueueSize: 0, maxBatchSize: "x" as never });
    service.predict(10);
    await service.pass(1);
    assert.deepEqual(service.exporter.taken, service.ids());
  });
});

describe("the outbox", () => {
  it("loses nothing while the Collector is away for an hour", async (t) => {
    const folder = temporaryFolder();
    const service = createService(t, { outbox: { folder } });
    service.exporter.answer = "fail";
    for (let minute = 0; minute < 60; minute++) {
      service.predict(20);
      await service.pass(60);
    }
    const { attempts } = service.exporter;
    assert.ok(attempts < 80, `${attempts} attempts in an hour`);
    await service.passUntil(() => readdirSync(folder).length > 1);
    service.exporter.answer = "ok";
    await service.passUntil(() => service.exporter.taken.length === 1_200);
    assert.deepEqual(new Set(service.exporter.taken), new Set(service.ids()));
    await service.passUntil(() => readdirSync(folder).length === 0);
    assert.deepEqual(await service.dropped(), {});
  });

  it("keeps within its bytes: the oldest go, and are counted", async (t) => {
    const folder = temporaryFolder();
    const maxBytes = 20_000;
    const service = createService(t, { outbox: { folder, maxBytes } });
    service.exporter.answer = "fail";
    await service.passUntil(async () => {
      service.predict(5);
      return ((await service.dropped())["outbox_overflow"] ?? 0) > 20;
    });
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(bytes <= maxBytes, `${bytes} bytes`);
    service.exporter.answer = "ok";
    let lost = 0;
    await service.passUntil(async () => {
      lost = (await service.dropped())["outbox_overflow"]!;
      return service.exporter.taken.length + lost === service.ids().length;
    });
    // What is new goes first, then what is stored.
    assert.deepEqual(new Set(service.exporter.taken), new Set(service.ids().slice(lost)));
  });

  it("is taken over by the next process, and what is torn in it is counted", async (t) => {
    const folder = temporaryFolder();
    const service = createService(t, { outbox: { folder } });
    service.exporter.answer = "fail";
    service.predict(3);
    await service.processor.shutdown();
    writeFileSync(join(folder, "000000000000001-1-000001-9.json"), '{"resources":[');
    writeFileSync(join(folder, "notes.txt"), "not ours");
    const next = createService(t, { outbox: { folder } });
    await next.passUntil(() => readdirSync(folder).length === 1);
    assert.deepEqual(next.exporter.taken, service.ids());
    assert.deepEqual(await next.dropped(), { outbox_unreadable: 9 });
  });

  it("gives up a batch that the exporter refuses while it takes others", async (t) => {
    const folder = temporaryFolder();
    const service = createService(t, { outbox: { folder } });
    service.exporter.answer = "fail";
    service.predict(2);
    await service.passUntil(() => readdirSync(folder).length === 1);
    // From now on only what is not id-0 is taken.
    const { exporter } = service;
    exporter.export = (logs: ReadableLogRecord[], settle) => {
      const ids = logs.map(({ attributes }) => String(attributes["ml.inference.id"]));
      const code = ids.includes("id-0") ? 1 : 0;
      if (code === 0) exporter.taken.push(...ids);
      settle({ code });
    };
    await service.passUntil(async () => {
      service.predict(1);
      await service.pass(10);
      return (await service.dropped())["export_failed"] === 2;
    });
    await service.passUntil(() => exporter.taken.length === service.ids().length - 2);
    assert.deepEqual(await service.dropped(), { export_failed: 2 });
  });

  it("that cannot be written costs its records, which are counted, and no exception", async (t) => {
    const folder = join(temporaryFolder(), "file");
    writeFileSync(folder, "in the way");
    const service = createService(t, { outbox: { folder } });
    service.exporter.answer = "fail";
    service.predict(4);
    await service.passUntil(async () => (await service.dropped())["outbox_unwritable"] === 4);
  });
});
