// Answers credit applications by an ONNX model. Predictions are seen by `--import @tidemark/instrumentation/register`
// without a line here; what is here gives them ids, so that how a loan ended can be reported months later.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createTidemark, withInferenceId } from "@tidemark/instrumentation";
import Fastify from "fastify";
import { InferenceSession, Tensor } from "onnxruntime-node";

const session = await InferenceSession.create(fileURLToPath(new URL("credit.onnx", import.meta.url)));
const tidemark = createTidemark();
const service = Fastify();

const application = {
  type: "object",
  required: ["age", "income"],
  properties: { age: { type: "number" }, income: { type: "number" }, debts: { type: "number", default: 0 } },
};
const ending = { type: "object", required: ["repaid"], properties: { repaid: { type: "boolean" } } };

service.post("/applications", { schema: { body: application } }, async ({ body: { age, income, debts } }) => {
  const id = randomUUID();
  const features = new Tensor("float32", [age, income, debts], [1, 3]);
  const { label, probabilities } = await withInferenceId(id, () => session.run({ features }));
  return { id, granted: label.data[0] === 1n, probability: probabilities.data[1] };
});

service.post("/applications/:id/ending", { schema: { body: ending } }, async ({ params: { id }, body: { repaid } }) => {
  tidemark.recordOutcome("credit", { id, label: repaid ? "repaid" : "defaulted" });
  return {};
});

const address = await service.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 3000) });
console.log(`listening on ${address}`);
