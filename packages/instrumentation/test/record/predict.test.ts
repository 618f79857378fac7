import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { SpanStatusCode } from "@opentelemetry/api";
import { createHarness, FLIGHTS, GOOD_INPUTS, pointValue } from "../harness.ts";

const toPrediction = (score: number) => ({ score, label: score > 0.5 ? "late" : "on_time" });

describe("predict", () => {
  it("returns what a synchronous prediction returns and records it", async () => {
    const { tidemark, points, events, spans } = createHarness();
    const model = tidemark.describeModel({ ...FLIGHTS, type: "classification" });
    let givenId = "";
    const run = (id: string) => {
      givenId = id;
      return 0.75;
    };
    assert.equal(model.predict(GOOD_INPUTS, run, toPrediction), 0.75);
    const [event] = events();
    assert.equal(event!.attributes["ml.inference.id"], givenId);
    assert.equal(event!.attributes["ml.prediction.label"], "late");
    const [span] = spans.getFinishedSpans();
    assert.equal(span!.name, "predict flights");
    assert.deepEqual(span!.attributes, {
      "ml.model.name": "flights",
      "ml.model.version": "1",
      "ml.model.type": "classification",
      "ml.deployment.role": "champion",
      "ml.operation.name": "predict",
      "ml.inference.id": givenId,
      "ml.prediction.label": "late",
      "ml.prediction.score": 0.75,
    });
    assert.equal(event!.spanContext!.spanId, span!.spanContext().spanId);
    assert.equal(pointValue(await points(), "ml.inference.predictions"), 1);
  });

  it("leaves out of the span what is no finite number, and tells one that no OTLP int holds as text", () => {
    const { tidemark, spans } = createHarness();
    const model = tidemark.describeModel({ ...FLIGHTS, type: "regression" });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e21, 12]) {
      model.predict(
        GOOD_INPUTS,
        () => value,
        (answer) => ({ value: answer, contribution: answer }),
      );
    }
    const told = spans
      .getFinishedSpans()
      .map(({ attributes }) => [attributes["ml.prediction.value"], attributes["ml.ensemble.contribution"]]);
    assert.deepEqual(told, [
      [undefined, undefined],
      [undefined, undefined],
      ["1e+21", "1e+21"],
      [12, 12],
    ]);
  });

  it("returns the very promise of an asynchronous prediction and is active until it settles", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const { promise, resolve } = Promise.withResolvers<number>();
    const result = model.predict(GOOD_INPUTS, () => promise, toPrediction);
    assert.equal(result, promise);
    assert.equal(pointValue(await points(), "ml.inference.active"), 1);
    resolve(0.25);
    assert.equal(await result, 0.25);
    const collected = await points();
    assert.equal(pointValue(collected, "ml.inference.active"), 0);
    assert.equal(pointValue(collected, "ml.inference.predictions"), 1);
  });

  it("throws what the prediction throws, now or later, and counts it as failed", async () => {
    const { tidemark, points, spans } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const failure = new RangeError("bad input");
    const throwing = () => {
      throw failure;
    };
    assert.throws(() => model.predict(GOOD_INPUTS, throwing), failure);
    await assert.rejects(
      model.predict(GOOD_INPUTS, async () => throwing()),
      failure,
    );
    assert.throws(
      () =>
        model.predict(GOOD_INPUTS, () => {
          throw undefined;
        }),
      (thrown) => thrown === undefined,
    );
    const collected = await points();
    assert.equal(pointValue(collected, "ml.inference.predictions", { "error.type": "RangeError" }), 2);
    assert.equal(pointValue(collected, "ml.inference.predictions", { "error.type": "undefined" }), 1);
    assert.equal(pointValue(collected, "ml.inference.active"), 0);
    assert.ok(spans.getFinishedSpans().every(({ status }) => status.code === SpanStatusCode.ERROR));
  });

  it("does not run a lazy query a second time", () => {
    const model = createHarness().tidemark.describeModel(FLIGHTS);
    let runs = 0;
    // biome-ignore lint/suspicious/noThenProperty: query builders run when they are awaited
    const query = { then: () => void runs++ };
    assert.equal(
      model.predict(GOOD_INPUTS, () => query),
      query,
    );
    assert.equal(runs, 0);
  });

  it("records the prediction without its answer where reading the answer throws", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const broken = () => {
      throw new Error("our caller's slip");
    };
    assert.equal(
      model.predict(GOOD_INPUTS, () => 1, broken),
      1,
    );
    const collected = await points();
    assert.equal(pointValue(collected, "ml.inference.predictions"), 1);
    assert.equal(pointValue(collected, "tidemark.instrumentation.dropped"), 1);
  });
});
