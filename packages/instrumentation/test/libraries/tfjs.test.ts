import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { instrument, ofModel } from "../auto/instrumented.ts";
import { countsBy, pointValue, statesOf } from "../harness.ts";

const { instrumentation, points, events, spans } = instrument({ libraries: ["tfjs"] });
const { default: tf } = await import("@tensorflow/tfjs");
after(() => instrumentation.disable());

/** A layers model of two features: price = 2a + 3b + 1. */
function priceModel(name: string) {
  const model = tf.sequential({ name, layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "dense" })] });
  model.setWeights([tf.tensor2d([[2], [3]]), tf.tensor1d([1])]);
  return model;
}

/** The same as a graph model, whose graph is written here. */
function priceGraph() {
  const float = { type: "DT_FLOAT" };
  const shape = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
  const constant = (name: string, ...sizes: number[]) => ({
    name,
    op: "Const",
    attr: { dtype: float, value: { tensor: { dtype: "DT_FLOAT", tensorShape: shape(...sizes).shape } } },
  });
  const node = [
    { name: "features", op: "Placeholder", attr: { dtype: float, shape: shape(-1, 2) } },
    constant("weights", 2, 1),
    constant("bias", 1),
    { name: "product", op: "MatMul", input: ["features", "weights"], attr: { T: float } },
    { name: "price", op: "BiasAdd", input: ["product", "bias"], attr: { T: float } },
  ];
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: { node, versions: {} },
      weightSpecs: [
        { name: "weights", shape: [2, 1], dtype: "float32" },
        { name: "bias", shape: [1], dtype: "float32" },
      ],
      weightData: Float32Array.of(2, 3, 1).buffer,
    }),
  );
}

describe("tfjs", () => {
  it("records a layers model by its name, once, and answers as without", async () => {
    const answer = priceModel("price").predict(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    );
    assert.deepEqual([...(answer as { dataSync(): Float32Array }).dataSync()], [9, 19]);
    const recorded = ofModel(await points(), "price");
    assert.equal(pointValue(recorded, "ml.inference.predictions"), 2);
    assert.equal((pointValue(recorded, "ml.inference.batch.size") as { count: number }).count, 1);
    assert.deepEqual(statesOf(recorded, "dense_input.1"), { valid: 2 });
    const values = events().filter(({ attributes }) => attributes["ml.model.name"] === "price");
    assert.deepEqual(
      values.map(({ attributes }) => attributes["ml.prediction.value"]),
      [9, 19],
    );
    const span = spans.getFinishedSpans().at(-1)!;
    assert.deepEqual([span.name, span.attributes["ml.system.name"]], ["predict price", "tensorflow"]);
  });

  it("records the probabilities of all classes of a model that ends in a softmax", async () => {
    const layer = tf.layers.dense({ units: 3, inputShape: [2], activation: "softmax", name: "classes" });
    const model = tf.sequential({ name: "animals", layers: [layer] });
    model.setWeights([tf.zeros([2, 3]), tf.tensor1d([Math.log(5), Math.log(3), Math.log(2)])]);
    model.predict(tf.tensor2d([[1, 2]]));
    const { attributes } = events().find((event) => event.attributes["ml.model.name"] === "animals")!;
    const given = attributes["ml.prediction.probabilities"] as Record<string, number>;
    assert.deepEqual(Object.keys(given), ["0", "1", "2"]);
    [0.5, 0.3, 0.2].forEach((probability, place) => {
      assert.ok(Math.abs(given[place]! - probability) < 1e-6, `${place} has ${given[place]}`);
    });
    assert.equal(attributes["ml.prediction.label"], "0");
  });

  it("records each way that a graph model is asked, once", async () => {
    const model = await priceGraph();
    const features = tf.tensor2d([[1, 2]]);
    const answers = [
      model.predict(features),
      await model.predictAsync(features),
      model.execute({ features }),
      await model.executeAsync({ features }, ["price"]),
    ];
    for (const answer of answers) assert.deepEqual([...(answer as { dataSync(): Float32Array }).dataSync()], [9]);
    const recorded = ofModel(await points(), "graph-model");
    assert.equal(pointValue(recorded, "ml.inference.predictions"), answers.length);
    assert.deepEqual(statesOf(recorded, "features.0"), { valid: answers.length });
    assert.equal((pointValue(recorded, "ml.inference.batch.size") as { count: number }).count, answers.length);
  });

  it("counts a call that fails, and lets its error through", async () => {
    const model = priceModel("failing");
    assert.throws(() => model.predict(tf.tensor2d([[1, 2, 3]])), /expected .* to have shape/);
    assert.throws(() => model.predict(undefined as never));
    const failures = countsBy(ofModel(await points(), "failing"), "ml.inference.predictions", "error.type");
    assert.deepEqual(
      Object.values(failures).reduce<number>((sum, count) => sum + Number(count), 0),
      2,
    );
  });

  it("does not count what training asks", async () => {
    const model = priceModel("trained");
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.tensor2d([[1, 2]]), tf.tensor2d([[9]]), { epochs: 1, verbose: 0 });
    assert.deepEqual(ofModel(await points(), "trained"), []);
  });

  it("gives the classes back when it is disabled", async () => {
    instrumentation.disable();
    priceModel("unseen").predict(tf.tensor2d([[1, 2]]));
    assert.deepEqual(ofModel(await points(), "unseen"), []);
    instrumentation.enable();
    priceModel("seen").predict(tf.tensor2d([[1, 2]]));
    assert.equal(pointValue(ofModel(await points(), "seen"), "ml.inference.predictions"), 1);
  });
});
