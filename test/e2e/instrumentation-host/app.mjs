// A service that knows nothing of Tidemark: a CommonJS library and one that is an ES module, both imported.
import { env, pipeline } from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";

const session = await InferenceSession.create(`${process.env.FIXTURES}/credit.onnx`);
await session.run({ features: new Tensor("float32", [40, 500, 1, 20, 1000, 2], [2, 3]) });
Object.assign(env, { allowRemoteModels: false, localModelPath: process.env.FIXTURES });
const classify = await pipeline("text-classification", "tiny-classifier", { dtype: "fp32" });
await classify(["good", "bad", "good film"]);
