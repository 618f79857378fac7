import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { type DiagLogger, diag, type TracerProvider } from "@opentelemetry/api";
import {
  createTidemark,
  type LoggerProvider,
  type ModelDescription,
  type ProfileJson,
} from "@tidemark/instrumentation";
import { captureDiag, countsBy, createHarness, FLIGHTS, GOOD_INPUTS, pointValue, statesOf } from "../harness.ts";

const REASON = "tidemark.drop.reason";
const fail = (): never => {
  throw new Error("injected");
};

/** An object on which everything that can be done throws. */
function createHostileObject(): Record<string, unknown> {
  const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, fail]));
  return new Proxy({}, traps);
}

describe("hostile inputs", () => {
  it("cost their own values only", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel({ ...FLIGHTS, events: { inputs: "all" } });
    const throwing = Object.defineProperty({ origin: "ATL" }, "distance", { get: fail, enumerable: true });
    const hostile: unknown[] = [createHostileObject(), throwing, null, undefined, 1, "text", [], () => 1];
    for (const inputs of hostile) model.record({ inputs: inputs as never, score: 0.5 });
    const collected = await points();
    assert.equal(pointValue(collected, "ml.inference.predictions"), hostile.length);
    assert.deepEqual(statesOf(collected, "distance"), { missing: 6, type_mismatch: 2 });
    assert.deepEqual(statesOf(collected, "origin"), { valid: 1, missing: 6, type_mismatch: 1 });
  });

  it("never throw out of a public method", () => {
    const { tidemark } = createHarness({ replay: true });
    const model = tidemark.describeModel(FLIGHTS);
    const odd: never[] = [null, undefined, 1, "x", [], {}, createHostileObject()] as never[];
    for (const value of odd) {
      model.record(value);
      model.recordBatch(value);
      model.recordBatch({ inputs: value });
      model.recordOutcome(value);
      model.record({
        inputs: GOOD_INPUTS,
        id: value,
        score: value,
        label: value,
        timeMs: value,
        durationSeconds: value,
      });
      model.record({ inputs: GOOD_INPUTS, error: value });
      tidemark.recordOutcome(value, { id: "a" });
      tidemark.advanceTo(value);
      assert.equal(
        model.predict(
          value,
          () => 1,
          () => value,
        ),
        1,
      );
      assert.equal(
        model.predict(GOOD_INPUTS, () => value),
        value,
      );
      const other = tidemark.describeModel(value);
      assert.equal(
        other.predict(GOOD_INPUTS, () => 2),
        2,
      );
      other.record(value);
      other.recordBatch(value);
    }
    tidemark.closeLooks();
  });

  it("of 100,000 distinct categories, labels and errors keep the number of series bounded", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel({
      name: "m",
      version: "1",
      features: { id: "categorical" },
      events: false,
      spans: false,
    });
    for (let row = 0; row < 100_000; row++) {
      model.record({ inputs: { id: `id-${row}` }, label: `label-${row}` });
      model.record({ inputs: {}, error: `error-${row}` });
    }
    const collected = await points();
    assert.ok(collected.length < 200, `${collected.length} points`);
    assert.equal(countsBy(collected, "ml.feature.categories", "ml.feature.category")["_other_"], 99_950);
  });
});

describe("faults of the host's SDK", () => {
  const providers: Record<string, { loggerProvider?: LoggerProvider; tracerProvider?: TracerProvider }> = {
    "a logger provider that throws": { loggerProvider: { getLogger: fail } },
    "a logger that throws": { loggerProvider: { getLogger: () => ({ emit: fail }) } },
    "a tracer that throws": { tracerProvider: { getTracer: () => ({ startSpan: fail, startActiveSpan: fail }) } },
    "a tracer provider that throws": { tracerProvider: { getTracer: fail } },
  };
  for (const [name, provider] of Object.entries(providers)) {
    it(`${name} changes no answer, and is counted`, async () => {
      const { tidemark, points } = createHarness(provider);
      const messages = captureDiag(() => {
        const model = tidemark.describeModel(FLIGHTS);
        for (let time = 0; time < 3; time++) {
          assert.notEqual(model.record({ inputs: GOOD_INPUTS }), "");
          assert.equal(
            model.predict(GOOD_INPUTS, () => 42),
            42,
          );
        }
      });
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, /injected/);
      assert.ok(
        (pointValue(await points(), "tidemark.instrumentation.dropped", { [REASON]: "internal_error" }) as number) > 0,
      );
    });
  }

  it("a tracer that throws loses no count of a prediction", async () => {
    const { tidemark, points } = createHarness(providers["a tracer that throws"]);
    const model = tidemark.describeModel(FLIGHTS);
    model.predict(GOOD_INPUTS, () => 1);
    model.record({ inputs: GOOD_INPUTS });
    model.recordBatch({ inputs: [GOOD_INPUTS] });
    assert.equal(pointValue(await points(), "ml.inference.predictions"), 3);
  });

  it("a logger that throws loses no count of a batch", async () => {
    const { tidemark, points } = createHarness(providers["a logger that throws"]);
    const ids = tidemark.describeModel(FLIGHTS).recordBatch({ inputs: [GOOD_INPUTS, GOOD_INPUTS, GOOD_INPUTS] });
    assert.equal(ids.length, 3);
    assert.equal(pointValue(await points(), "ml.inference.predictions"), 3);
  });

  it("a diag logger that throws is survived", () => {
    diag.setLogger({ error: fail, warn: fail, info: fail, debug: fail, verbose: fail } as DiagLogger, {
      suppressOverrideMessage: true,
      logLevel: 30 + 20,
    });
    try {
      createTidemark()
        .describeModel(FLIGHTS)
        .record({ inputs: null as never });
    } finally {
      diag.disable();
    }
  });

  it("a clock that throws or gives no time is replaced by the system's", async () => {
    for (const now of [fail, () => Number.NaN]) {
      const { tidemark, points } = createHarness({ now });
      assert.equal(
        tidemark.describeModel(FLIGHTS).predict(GOOD_INPUTS, () => 1),
        1,
      );
      assert.equal(pointValue(await points(), "ml.inference.predictions"), 1);
    }
  });

  it("a collection that fails says so inside its own result", async (t) => {
    const { tidemark } = createHarness();
    t.mock.method(process.memoryUsage, "rss", fail);
    const { errors, resourceMetrics } = await tidemark.metricProducer.collect();
    assert.equal(errors.length, 1);
    assert.deepEqual(resourceMetrics.scopeMetrics, []);
  });
});

describe("descriptions", () => {
  it("that are equal give the same recorder; of two that differ the first holds, with one warning", () => {
    const { tidemark } = createHarness();
    const first = tidemark.describeModel(FLIGHTS);
    const messages = captureDiag(() => {
      assert.equal(tidemark.describeModel({ ...FLIGHTS }), first);
      assert.equal(tidemark.describeModel({ ...FLIGHTS, features: { distance: "categorical" } }), first);
      assert.equal(tidemark.describeModel({ ...FLIGHTS, spans: false }), first);
      assert.notEqual(tidemark.describeModel({ ...FLIGHTS, role: "shadow" }), first);
    });
    assert.equal(messages.length, 1);
    assert.match(messages[0]!, /described in two ways/);
  });

  it("that cannot be used give a recorder that records nothing and lets the service go on", async () => {
    const { tidemark, points } = createHarness();
    const bad: unknown[] = [{ version: "1" }, { name: "m" }, { name: "m", version: "1", features: { a: "number" } }];
    for (const description of bad) {
      const model = tidemark.describeModel(description as ModelDescription);
      assert.match(model.record({ inputs: GOOD_INPUTS }), /^[0-9a-f-]{36}$/);
      assert.equal(model.recordBatch({ inputs: [GOOD_INPUTS, GOOD_INPUTS] }).length, 2);
    }
    assert.equal(
      pointValue(await points(), "tidemark.instrumentation.dropped", { [REASON]: "invalid_model" }),
      bad.length,
    );
  });

  it("beyond a hundred are not tracked", async () => {
    const { tidemark, points } = createHarness();
    for (let version = 0; version < 110; version++) tidemark.describeModel({ name: "m", version: `${version}` });
    assert.equal(pointValue(await points(), "tidemark.instrumentation.dropped", { [REASON]: "model_limit" }), 10);
  });

  it("with a corrupt profile count without it and say why", async () => {
    const { tidemark, points } = createHarness();
    const profile = { ...FLIGHTS.profile, fields: [{ ...FLIGHTS.profile.fields[0], boundaries: [3, 2, 1] }] };
    const features = { distance: "numeric" } as const;
    const messages = captureDiag(() => {
      const model = tidemark.describeModel({ ...FLIGHTS, features, profile: profile as ProfileJson });
      model.record({ inputs: GOOD_INPUTS });
    });
    assert.match(messages[0]!, /field distance of the profile has boundaries that fall at index 1/);
    assert.deepEqual(statesOf(await points(), "distance"), { valid: 1 });
  });
});
