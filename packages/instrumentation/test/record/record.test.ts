import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { captureDiag, countsBy, createHarness, FLIGHTS, GOOD_INPUTS, pointValue, statesOf } from "../harness.ts";

describe("record", () => {
  it("counts inputs, prediction and call on the profile's bins", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    model.record({ inputs: { distance: 100, origin: "ATL" }, score: 0.3, label: "on_time", durationSeconds: 0.002 });
    model.record({ inputs: { distance: 101, origin: "JFK" }, score: 0.9, label: "late", durationSeconds: 0.002 });
    const collected = await points();
    assert.deepEqual(pointValue(collected, "ml.feature.value", { "ml.feature.name": "distance" }), {
      buckets: { boundaries: [100, 500, 1000], counts: [1, 1, 0, 0] },
      count: 2,
      sum: 201,
    });
    assert.deepEqual(countsBy(collected, "ml.feature.categories", "ml.feature.category"), { ATL: 1, _other_: 1 });
    assert.deepEqual(statesOf(collected, "distance"), { valid: 2 });
    assert.deepEqual(statesOf(collected, "origin"), { valid: 2 });
    assert.deepEqual(countsBy(collected, "ml.prediction.labels", "ml.prediction.label"), { on_time: 1, late: 1 });
    assert.deepEqual((pointValue(collected, "ml.prediction.score") as { buckets: unknown }).buckets, {
      boundaries: [0.25, 0.5, 0.75],
      counts: [0, 1, 0, 1],
    });
    assert.equal((pointValue(collected, "ml.inference.duration") as { count: number }).count, 2);
    assert.equal((pointValue(collected, "ml.inference.batch.size") as { sum: number }).sum, 2);
    assert.equal(pointValue(collected, "ml.inference.predictions"), 2);
  });

  it("names model, version and role on every point but those of the process", async () => {
    const { tidemark, points } = createHarness();
    tidemark.describeModel({ ...FLIGHTS, role: "shadow" }).record({ inputs: GOOD_INPUTS, score: 0.5, label: "late" });
    const own = ["ml.deployment.role=shadow", "ml.model.name=flights", "ml.model.version=1"];
    for (const { metric, attributes } of await points()) {
      const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
      const named = pairs.filter((pair) => own.includes(pair)).sort();
      assert.deepEqual(named, metric.startsWith("process.") ? [] : own, metric);
    }
  });

  it("gives each kind of value its one state", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const numbers: unknown[] = [1, undefined, null, "1", true, 1n, {}, [1], Number.NaN, Infinity, -1, 5001];
    for (const distance of numbers) model.record({ inputs: { distance, origin: "ATL" } });
    const categories: unknown[] = [
      "LAX",
      "JFK",
      "XYZ",
      "",
      true,
      7,
      undefined,
      null,
      1n,
      {},
      Number.NaN,
      "A".repeat(1e7),
    ];
    for (const origin of categories) model.record({ inputs: { distance: 1, origin } });
    const collected = await points();
    assert.deepEqual(statesOf(collected, "distance"), {
      valid: 13,
      missing: 2,
      type_mismatch: 5,
      out_of_range: 2,
      non_finite: 2,
    });
    assert.deepEqual(statesOf(collected, "origin"), {
      valid: 14,
      missing: 2,
      type_mismatch: 2,
      unseen_category: 5,
      non_finite: 1,
    });
  });

  it("counts a failed prediction by its error and nothing of its inputs", async () => {
    const { tidemark, points, events } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    model.record({ inputs: GOOD_INPUTS, error: new RangeError("out of memory at 0x17"), durationSeconds: 1 });
    model.record({ inputs: GOOD_INPUTS, error: "timeout" });
    const collected = await points();
    assert.deepEqual(countsBy(collected, "ml.inference.predictions", "error.type"), { RangeError: 1, timeout: 1 });
    assert.deepEqual(statesOf(collected, "distance"), {});
    assert.deepEqual(events(), []);
  });

  it("takes classes that are no text by their text, on points and events alike", async () => {
    const { tidemark, points, events } = createHarness();
    const model = tidemark.describeModel({ name: "digits", version: "1" });
    for (const label of [7, true, "7", 7n]) model.record({ inputs: {}, label });
    assert.deepEqual(countsBy(await points(), "ml.prediction.labels", "ml.prediction.label"), { 7: 3, true: 1 });
    assert.deepEqual(
      events().map(({ attributes }) => attributes["ml.prediction.label"]),
      ["7", "true", "7", "7"],
    );
  });

  it("keeps a given id and makes one of the event time where none is given", () => {
    const model = createHarness().tidemark.describeModel(FLIGHTS);
    assert.equal(model.record({ id: "order-7", inputs: GOOD_INPUTS }), "order-7");
    assert.match(model.record({ inputs: GOOD_INPUTS, timeMs: 978_307_200_000 }), /^00e3c7a7-3400-7/);
  });

  it("counts fields of the wrong type, warns once and records the rest", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const wrong = { score: "0.5", value: Number.NaN, id: 7, timeMs: "now", durationSeconds: -1, inputs: GOOD_INPUTS };
    const messages = captureDiag(() => {
      for (let time = 0; time < 3; time++) model.record(wrong as never);
    });
    assert.equal(messages.length, 1);
    const collected = await points();
    assert.equal(
      pointValue(collected, "tidemark.instrumentation.dropped", { "tidemark.drop.reason": "invalid_field" }),
      15,
    );
    assert.equal(pointValue(collected, "ml.inference.predictions"), 3);
  });
});

describe("recordBatch", () => {
  it("is one call of many predictions", async () => {
    const { tidemark, points, events, spans } = createHarness();
    const ids = tidemark.describeModel(FLIGHTS).recordBatch({
      ids: ["a", "b", "c"],
      inputs: [GOOD_INPUTS, GOOD_INPUTS, GOOD_INPUTS],
      scores: Float32Array.of(0.5, 0.25, 0.75),
      labels: ["late", "on_time", "late"],
      durationSeconds: 0.25,
      timesMs: [1_000, 2_000, 3_000],
    });
    assert.deepEqual(ids, ["a", "b", "c"]);
    const collected = await points();
    assert.equal((pointValue(collected, "ml.inference.batch.size") as { sum: number }).sum, 3);
    assert.equal((pointValue(collected, "ml.inference.duration") as { count: number }).count, 1);
    assert.equal(pointValue(collected, "ml.inference.predictions"), 3);
    assert.deepEqual(
      events().map(({ attributes }) => attributes["ml.inference.id"]),
      ids,
    );
    assert.deepEqual(
      events().map(({ hrTime }) => hrTime),
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    );
    assert.equal(spans.getFinishedSpans().length, 1);
  });

  it("counts a failed batch as that many failed predictions", async () => {
    const { tidemark, points } = createHarness();
    const error = new TypeError("bad tensor");
    const ids = tidemark.describeModel(FLIGHTS).recordBatch({ inputs: [GOOD_INPUTS, GOOD_INPUTS], error });
    assert.equal(new Set(ids).size, 2);
    assert.equal(pointValue(await points(), "ml.inference.predictions", { "error.type": "TypeError" }), 2);
  });
});

describe("without a profile", () => {
  it("counts value states, discovers categories up to a bound and numbers in exponential histograms", async () => {
    const { tidemark, points } = createHarness();
    const features = { distance: "numeric", origin: "categorical" } as const;
    const model = tidemark.describeModel({ name: "new", version: "1", features });
    for (let row = 0; row < 1_000; row++) model.record({ inputs: { distance: row, origin: `airport-${row % 100}` } });
    const collected = await points();
    assert.deepEqual(statesOf(collected, "distance"), { valid: 1_000 });
    const categories = countsBy(collected, "ml.feature.categories", "ml.feature.category");
    assert.equal(Object.keys(categories).length, 51);
    assert.equal(categories["_other_"], 500);
    assert.equal((pointValue(collected, "ml.feature.value") as { count: number }).count, 1_000);
  });
});
