// A remote model behind a real MLServer, asked in every way that a Node service asks: the Open Inference Protocol as
// a server speaks it that we did not write.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { TidemarkInstrumentation } from "@tidemark/instrumentation";
import { fetch as undiciFetch, request as undiciRequest } from "undici";
import { freePorts } from "./tools/free-ports.ts";
import { poll } from "./tools/poll.ts";
import { pythonOf } from "./tools/python-tool.ts";
import { startServer } from "./tools/server-process.ts";

const FOLDER = path.join(import.meta.dirname, "tools/model-server");
/** Enough that the server compresses its answer for whoever accepts that. */
const ROWS = 100;

const BODY = JSON.stringify({
  id: "loan-1",
  inputs: [
    {
      name: "features",
      datatype: "FP64",
      shape: [ROWS, 2],
      data: Array.from({ length: ROWS }, (_, row) => [20 + (row % 50), row * 10]).flat(),
    },
  ],
});
const options = { method: "POST", headers: { "content-type": "application/json" }, body: BODY } as const;

interface Answer {
  readonly outputs?: readonly { readonly name: string; readonly data: readonly number[] }[];
  readonly error?: string;
}

const clients: Readonly<Record<string, (url: string) => Promise<Answer>>> = {
  fetch: async (url) => (await fetch(url, options)).json() as Promise<Answer>,
  "undici's fetch": async (url) => (await undiciFetch(url, options)).json() as Promise<Answer>,
  "undici's request": async (url) => (await undiciRequest(url, options)).body.json() as Promise<Answer>,
  "node:http": (url) =>
    new Promise((resolve, reject) => {
      httpRequest(url, options, (response) => resolve(json(response) as Promise<Answer>))
        .on("error", reject)
        .end(BODY);
    }),
};

test("predictions of a model behind MLServer are counted, whoever asks", async () => {
  const instrumentation = new TidemarkInstrumentation({ libraries: ["open_inference"] });
  const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
  await using server = startServer(
    path.join(path.dirname(pythonOf(FOLDER, "model-server")), "mlserver"),
    ["start", "."],
    {
      cwd: FOLDER,
      env: {
        MLSERVER_HOST: "127.0.0.1",
        MLSERVER_HTTP_PORT: String(http),
        MLSERVER_GRPC_PORT: String(grpc),
        MLSERVER_METRICS_PORT: String(metrics),
        MLSERVER_PARALLEL_WORKERS: "0",
        PYTHONDONTWRITEBYTECODE: "1",
      },
    },
  );
  const url = `http://127.0.0.1:${http}/v2`;
  await poll("MLServer is ready", 60, async () =>
    (await fetch(`${url}/models/credit/ready`)).ok ? true : undefined,
  ).catch((error) => {
    throw new Error(server.output(), { cause: error });
  });

  const answers = Object.entries(clients).map(([name, ask]) =>
    ask(`${url}/models/credit/infer`).then((answer) => ({ name, answer })),
  );
  for (const { name, answer } of await Promise.all(answers)) {
    assert.equal(answer.outputs?.[1]?.data.length, ROWS, `${name}: ${JSON.stringify(answer)}`);
  }
  const refused = await clients["fetch"]!(`${url}/models/credit/versions/nine/infer`);
  assert.match(refused.error ?? "", /not found/i);
  // Refused by the model: a tensor of the wrong shape.
  const wrong = JSON.stringify({ inputs: [{ name: "features", datatype: "FP64", shape: [1, 3], data: [1] }] });
  assert.ok((await fetch(`${url}/models/credit/infer`, { ...options, body: wrong })).status >= 400);

  const asked = Object.keys(clients).length;
  const points = await poll("all calls are counted", 10, async () => {
    const { resourceMetrics } = await instrumentation.metricProducer.collect();
    const all = (resourceMetrics.scopeMetrics[0]?.metrics ?? []).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({ metric: descriptor.name, attributes, value })),
    );
    const counted = all.filter(({ metric }) => metric === "ml.inference.predictions");
    return counted.length === 3 && counted[0]!.value === asked * ROWS ? all : undefined;
  });
  instrumentation.disable();

  const find = (metric: string, attributes: Record<string, string> = {}) =>
    points.find(
      (point) =>
        point.metric === metric && Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
    )?.value;
  const version = { "ml.model.name": "credit", "ml.model.version": "v3" };
  assert.deepEqual(find("ml.inference.predictions", version), asked * ROWS);
  assert.equal((find("ml.inference.duration", version) as { count: number }).count, asked);
  assert.equal((find("ml.prediction.score", version) as { count: number }).count, asked * ROWS);
  const feature = { ...version, "ml.feature.name": "features.1", "ml.feature.value.state": "valid" };
  assert.equal(find("ml.feature.values", feature), asked * ROWS);
  assert.equal(find("ml.inference.predictions", { "ml.model.version": "nine", "error.type": "404" }), ROWS);
});
