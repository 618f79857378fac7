import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { withInferenceId } from "@tidemark/instrumentation";
import { instrument, ofModel } from "../auto/instrumented.ts";
import { countsBy, pointValue, statesOf } from "../harness.ts";

// Imported, not required: the class is reached through what the package requires, without a loader hook.
const { instrumentation, points, events, spans } = instrument({ libraries: ["onnxruntime"] });
const { InferenceSession, Tensor } = await import("onnxruntime-node");
after(() => instrumentation.disable());

const fixture = (name: string) => path.join(import.meta.dirname, "../fixtures", name);
const CREDIT = fixture("credit.onnx");
const VERSION = createHash("sha256").update(readFileSync(CREDIT)).digest("hex").slice(0, 12);
const people = () => ({ features: new Tensor("float32", Float32Array.of(40, 500, 1, 20, 1000, 2), [2, 3]) });

describe("onnxruntime", () => {
  it("records a batch under the file's name and a version of its content, and answers as without", async () => {
    const session = await InferenceSession.create(CREDIT);
    const { label, probabilities } = await session.run(people());
    assert.deepEqual([...(label!.data as BigInt64Array)], [1n, 0n]);
    const [, first] = probabilities!.data as Float32Array;

    const recorded = ofModel(await points(), "credit");
    assert.ok(recorded.every(({ attributes }) => attributes["ml.model.version"] === VERSION));
    assert.equal(pointValue(recorded, "ml.inference.predictions"), 2);
    assert.equal((pointValue(recorded, "ml.inference.duration") as { count: number }).count, 1);
    assert.equal((pointValue(recorded, "ml.inference.batch.size") as { sum: number }).sum, 2);
    assert.deepEqual(statesOf(recorded, "features.1"), { valid: 2 });
    assert.deepEqual(countsBy(recorded, "ml.prediction.labels", "ml.prediction.label"), { 1: 1, 0: 1 });

    const span = spans.getFinishedSpans().at(-1)!;
    assert.deepEqual([span.name, span.attributes["ml.system.name"]], ["predict credit", "onnxruntime"]);
    const event = events().find(({ attributes }) => attributes["ml.prediction.label"] === "1")!;
    assert.equal(event.attributes["ml.prediction.score"], first);
    assert.equal(event.attributes["ml.inference.inputs"], undefined);
  });

  it("records a call under the id that the host gave, and its batch under that with the row", async () => {
    const session = await InferenceSession.create(CREDIT);
    const before = events().length;
    const one = { features: new Tensor("float32", Float32Array.of(40, 500, 1), [1, 3]) };
    await withInferenceId("order-17", async () => {
      await session.run(one);
      await session.run(people());
    });
    await session.run(one);
    const ids = events()
      .slice(before)
      .map(({ attributes }) => attributes["ml.inference.id"]);
    assert.deepEqual(ids.slice(0, 3), ["order-17", "order-17.0", "order-17.1"]);
    // The span of a single prediction says which it was.
    const [single, batch] = spans.getFinishedSpans().slice(-3);
    assert.deepEqual(
      [single, batch].map((span) => [span?.attributes["ml.inference.id"], span?.attributes["ml.prediction.label"]]),
      [
        ["order-17", "1"],
        [undefined, undefined],
      ],
    );
    assert.match(String(ids[3]), /^[0-9a-f-]{36}$/);
  });

  it("knows a model that comes as bytes by its content", async () => {
    const session = await InferenceSession.create(readFileSync(CREDIT));
    await session.run(people());
    const recorded = ofModel(await points(), "onnx-model");
    assert.equal(pointValue(recorded, "ml.inference.predictions", { "ml.model.version": VERSION }), 2);
  });

  it("counts a call that fails, and lets its error through", async () => {
    const session = await InferenceSession.create(fixture("mixed.onnx"));
    const age = new Tensor("float32", [30], [1, 1]);
    await assert.rejects(session.run({ age }), /input 'visits' is missing/);
    await assert.rejects(session.run(undefined as never), TypeError);
    const plan = new Tensor("string", ["ann@x.org"], [1, 1]);
    await session.run({ age, visits: new Tensor("int64", [5n], [1, 1]), plan });
    const recorded = ofModel(await points(), "mixed");
    assert.deepEqual(countsBy(recorded, "ml.inference.predictions", "error.type"), {
      undefined: 1,
      Error: 1,
      TypeError: 1,
    });
    const event = events().find(({ attributes }) => attributes["ml.model.name"] === "mixed")!;
    assert.equal(event.attributes["ml.prediction.value"], 35);
    assert.deepEqual(statesOf(recorded, "plan.length"), { valid: 1 });
    assert.ok(!JSON.stringify(recorded).includes("ann@x.org"));
  });

  it("gives the classes back as they were when it is disabled, and takes them again", async () => {
    const { prototype } = InferenceSession as unknown as { readonly prototype: { run: unknown } };
    const patched = prototype.run;
    instrumentation.disable();
    assert.notEqual(prototype.run, patched);
    const session = await InferenceSession.create(CREDIT);
    const before = pointValue(ofModel(await points(), "credit"), "ml.inference.predictions");
    await session.run(people());
    assert.equal(pointValue(ofModel(await points(), "credit"), "ml.inference.predictions"), before);
    instrumentation.enable();
    await session.run(people());
    const recorded = ofModel(await points(), "onnx-model");
    // Made while disabled, so without its name.
    assert.equal(pointValue(recorded, "ml.inference.predictions", { "ml.model.version": "unversioned" }), 2);
  });
});
