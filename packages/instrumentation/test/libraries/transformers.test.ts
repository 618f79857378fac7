import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { instrument, ofModel } from "../auto/instrumented.ts";
import { countsBy, pointValue, statesOf } from "../harness.ts";

const { instrumentation, points, events, spans } = instrument({ libraries: ["transformers", "onnxruntime"] });
const { env, pipeline } = await import("@huggingface/transformers");
after(() => instrumentation.disable());

env.allowRemoteModels = false;
env.localModelPath = path.join(import.meta.dirname, "../fixtures");
const MODEL = "tiny-classifier";

describe("transformers", () => {
  it("records a pipeline under its model's name, once, with label and score, and answers as without", async () => {
    const classify = await pipeline("text-classification", MODEL, { dtype: "fp32" });
    const answer = (await classify(["good film", "bad bad film"])) as { label: string; score: number }[];
    assert.deepEqual(
      answer.map(({ label }) => label),
      ["POSITIVE", "NEGATIVE"],
    );
    const all = await points();
    const recorded = ofModel(all, MODEL);
    assert.equal(pointValue(recorded, "ml.inference.predictions"), 2);
    assert.deepEqual(countsBy(recorded, "ml.prediction.labels", "ml.prediction.label"), { POSITIVE: 1, NEGATIVE: 1 });
    assert.deepEqual(statesOf(recorded, "text.length"), { valid: 2 });
    // The run of onnxruntime below the pipeline is the same call.
    assert.deepEqual(ofModel(all, "model"), []);
    const sent = events().map(({ attributes }) => attributes["ml.prediction.score"]);
    assert.deepEqual(
      sent,
      answer.map(({ score }) => score),
    );
    const [span] = spans.getFinishedSpans();
    assert.deepEqual([span?.name, span?.attributes["ml.system.name"]], [`predict ${MODEL}`, "transformers"]);
    assert.ok(!JSON.stringify([all, events().map(({ attributes }) => attributes)]).includes("good film"));
  });

  it("takes one text as one prediction, and the best of several labels", async () => {
    const classify = await pipeline("text-classification", MODEL, { dtype: "fp32" });
    const before = events().length;
    await classify("good");
    await classify("bad", { top_k: 2 });
    assert.deepEqual(
      events()
        .slice(before)
        .map(({ attributes }) => attributes["ml.prediction.label"]),
      ["POSITIVE", "NEGATIVE"],
    );
  });

  it("counts a call that fails, and lets its error through", async () => {
    const classify = await pipeline("text-classification", MODEL, { dtype: "fp32" });
    await assert.rejects(classify(undefined as never));
    const recorded = ofModel(await points(), MODEL).filter(({ attributes }) => "error.type" in attributes);
    assert.equal(Object.values(countsBy(recorded, "ml.inference.predictions", "error.type"))[0], 1);
  });

  it("gives the classes back when it is disabled", async () => {
    const classify = await pipeline("text-classification", MODEL, { dtype: "fp32" });
    instrumentation.disable();
    const before = events().length;
    await classify("good");
    assert.equal(events().length, before);
    instrumentation.enable();
    await classify("good");
    assert.equal(events().length, before + 1);
  });
});
