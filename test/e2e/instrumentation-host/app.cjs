// The same service in CommonJS.
const { env, pipeline } = require("@huggingface/transformers");
const { InferenceSession, Tensor } = require("onnxruntime-node");

async function main() {
  const session = await InferenceSession.create(`${process.env.FIXTURES}/credit.onnx`);
  await session.run({ features: new Tensor("float32", [40, 500, 1, 20, 1000, 2], [2, 3]) });
  Object.assign(env, { allowRemoteModels: false, localModelPath: process.env.FIXTURES });
  const classify = await pipeline("text-classification", "tiny-classifier", { dtype: "fp32" });
  await classify(["good", "bad", "good film"]);
}

main();
