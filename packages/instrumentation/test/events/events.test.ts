import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { logs } from "@opentelemetry/api";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { createTidemark } from "@tidemark/instrumentation";
import { captureDiag, createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

const TIME_MS = 978_368_460_123;

describe("prediction events", () => {
  it("carry id, model and prediction at event time, and no inputs unless allowed", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    model.record({ id: "a", inputs: GOOD_INPUTS, score: 0.81, label: "late", timeMs: TIME_MS });
    const [event] = events();
    assert.equal(event!.eventName, "ml.inference.details");
    assert.equal(event!.severityNumber, 9);
    assert.deepEqual(event!.hrTime, [978_368_460, 123_000_000]);
    assert.deepEqual(event!.attributes, {
      "ml.model.name": "flights",
      "ml.model.version": "1",
      "ml.inference.id": "a",
      "ml.prediction.label": "late",
      "ml.prediction.score": 0.81,
      "ml.sampling.probability": 1,
    });
  });

  it("carry what each feature added, as far as it is a finite number", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const attributions = { distance: -0.25, origin: Number.NaN, carrier: 0 };
    model.record({ inputs: GOOD_INPUTS, score: 0.5, attributions });
    model.record({ inputs: GOOD_INPUTS, score: 0.5, attributions: { distance: Number.NaN } });
    const sent = events().map(({ attributes }) => attributes["ml.inference.attributions"]);
    assert.deepEqual(sent, [{ distance: -0.25, carrier: 0 }, undefined]);
  });

  it("name any role but champion", () => {
    const { tidemark, events } = createHarness();
    tidemark.describeModel({ ...FLIGHTS, role: "challenger" }).record({ inputs: GOOD_INPUTS });
    assert.equal(events()[0]!.attributes["ml.deployment.role"], "challenger");
  });

  it("carry declared features as they are where inputs are allowed, text cut to 1,024 characters", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel({ ...FLIGHTS, events: { inputs: { distance: "keep", origin: "keep" } } });
    model.record({ inputs: { distance: 700, origin: "A".repeat(5_000), secret: "x" } });
    model.record({ inputs: { distance: 1n, origin: undefined } });
    // A Collector refuses a whole batch for one of these in the SDK's JSON.
    model.record({ inputs: { distance: Number.NaN, origin: Number.POSITIVE_INFINITY } });
    const inputs = events().map(({ attributes }) => attributes["ml.inference.inputs"]);
    assert.deepEqual(inputs, [{ distance: 700, origin: "A".repeat(1_024) }, {}, {}]);
  });

  it("carry whole numbers that no OTLP int holds as text", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel({ ...FLIGHTS, type: "regression", events: { inputs: { distance: "keep" } } });
    const attributions = { distance: -1e21, origin: 0.5 };
    model.record({ inputs: { distance: 1e21 }, value: 2 ** 63, attributions, contribution: 1e300 });
    model.record({ inputs: { distance: 2 ** 62 }, value: 12 });
    model.recordOutcome({ id: "a", value: 1e19 });
    const [large, small, outcome] = events().map(({ attributes }) => attributes);
    assert.deepEqual(large!["ml.inference.inputs"], { distance: "1e+21" });
    assert.equal(large!["ml.prediction.value"], "9223372036854776000");
    assert.deepEqual(large!["ml.inference.attributions"], { distance: "-1e+21", origin: 0.5 });
    assert.equal(large!["ml.ensemble.contribution"], "1e+300");
    assert.deepEqual(small!["ml.inference.inputs"], { distance: 2 ** 62 });
    assert.equal(outcome!["ml.outcome.value"], "10000000000000000000");
  });

  it("carry inputs in the share that was asked for, of whatever sampling keeps", () => {
    const probability = 0.5;
    const { tidemark, events } = createHarness({ sampling: { probability } });
    const model = tidemark.describeModel({ ...FLIGHTS, events: { inputs: "all", inputShare: 0.2 } });
    for (let index = 0; index < 8_000; index++) model.record({ inputs: GOOD_INPUTS, id: `flight-${index}` });
    const carrying = events().filter(({ attributes }) => attributes["ml.inference.inputs"] !== undefined);
    const sent = events().length;
    assert.ok(Math.abs(sent - 4_000) < 4 * Math.sqrt(2_000), `${sent} events`);
    assert.ok(Math.abs(carrying.length - 0.2 * sent) < 4 * Math.sqrt(0.16 * sent), `${carrying.length} of ${sent}`);
    assert.equal(carrying[0]!.attributes["ml.sampling.probability"], probability);
  });

  it("carry no inputs where the share of them is unusable, with a warning", () => {
    const { tidemark, events } = createHarness();
    const warnings = captureDiag(() => {
      tidemark.describeModel({ ...FLIGHTS, events: { inputs: "all", inputShare: 20 } }).record({ inputs: GOOD_INPUTS });
    });
    assert.equal(events()[0]!.attributes["ml.inference.inputs"], undefined);
    assert.match(warnings.join(), /inputShare is 20, expected a number in \(0, 1\]/);
  });

  it("are not sent for a model without events", () => {
    const { tidemark, events } = createHarness();
    tidemark.describeModel({ ...FLIGHTS, events: false }).record({ inputs: GOOD_INPUTS });
    assert.deepEqual(events(), []);
  });
});

describe("outcome events", () => {
  it("carry the outcome at the time it happened, from the model's process or another", () => {
    const { tidemark, events } = createHarness();
    tidemark.describeModel(FLIGHTS).recordOutcome({ id: "a", label: "late", timeMs: TIME_MS });
    tidemark.recordOutcome("prices", { id: "b", value: 12.5, timeMs: TIME_MS });
    tidemark.recordOutcome("search", { id: "c", kind: "click", position: 3, timeMs: TIME_MS });
    assert.deepEqual(
      events().map(({ eventName, hrTime, attributes }) => ({ eventName, time: hrTime[0], ...attributes })),
      [
        { "ml.model.name": "flights", "ml.inference.id": "a", "ml.outcome.kind": "class", "ml.outcome.label": "late" },
        { "ml.model.name": "prices", "ml.inference.id": "b", "ml.outcome.kind": "value", "ml.outcome.value": 12.5 },
        { "ml.model.name": "search", "ml.inference.id": "c", "ml.outcome.kind": "click", "ml.outcome.position": 3 },
      ].map((attributes) => ({ eventName: "ml.outcome.reported", time: 978_368_460, ...attributes })),
    );
  });

  it("need an id", () => {
    const { tidemark, events } = createHarness();
    const messages = captureDiag(() => {
      for (const odd of [{}, { id: "" }, { id: 7 }, null, undefined]) tidemark.recordOutcome("flights", odd as never);
    });
    assert.deepEqual(events(), []);
    assert.equal(messages.length, 1);
  });
});

describe("sampling", () => {
  it("keeps a share of the predictions, says its probability, and keeps the outcomes of the same ids", () => {
    const { tidemark, events } = createHarness({ sampling: { probability: 0.25 } });
    const model = tidemark.describeModel({ ...FLIGHTS, spans: false });
    for (let row = 0; row < 2_000; row++) {
      const id = model.record({ inputs: GOOD_INPUTS });
      model.recordOutcome({ id, label: "late" });
    }
    const idsOf = (name: string) =>
      events().flatMap(({ eventName, attributes }) => (eventName === name ? [attributes["ml.inference.id"]] : []));
    const predicted = idsOf("ml.inference.details");
    assert.deepEqual(idsOf("ml.outcome.reported"), predicted);
    assert.ok(predicted.length > 400 && predicted.length < 600, `${predicted.length} of 2,000`);
    assert.equal(events()[0]!.attributes["ml.sampling.probability"], 0.25);
  });

  it("takes an unusable probability as 1 and says so", () => {
    const messages = captureDiag(() => {
      const { tidemark, events } = createHarness({ sampling: { probability: 0 } });
      tidemark.describeModel(FLIGHTS).record({ inputs: GOOD_INPUTS });
      assert.equal(events().length, 1);
    });
    assert.match(messages[0]!, /sampling.probability is 0, .* 1 is used/);
  });
});

describe("the logger provider", () => {
  const LOGS_API = Symbol.for("io.opentelemetry.js.api.logs");

  function createProvider() {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    return { provider, count: () => exporter.getFinishedLogRecords().length };
  }

  it("is the API's global one unless given, also when registered after the first hundred events", () => {
    const { provider, count } = createProvider();
    try {
      const model = createTidemark().describeModel({ ...FLIGHTS, spans: false });
      const messages = captureDiag(() => {
        for (let row = 0; row < 100; row++) model.record({ inputs: GOOD_INPUTS });
      });
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /no logger provider is registered/);
      logs.setGlobalLoggerProvider(provider);
      for (let row = 0; row < 5; row++) model.record({ inputs: GOOD_INPUTS });
      assert.equal(count(), 5);
    } finally {
      logs.disable();
    }
  });

  it("is that of @opentelemetry/api-logs where the API has none", () => {
    const { provider, count } = createProvider();
    const registry = globalThis as unknown as Record<symbol, unknown>;
    registry[LOGS_API] = (version: number) => (version === 1 ? provider : undefined);
    try {
      createTidemark().describeModel(FLIGHTS).record({ inputs: GOOD_INPUTS });
      assert.equal(count(), 1);
    } finally {
      delete registry[LOGS_API];
    }
  });
});
