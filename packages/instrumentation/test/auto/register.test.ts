// Whole processes, started as a user starts them: nothing in their code knows of Tidemark.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { json } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const REGISTER = pathToFileURL(path.join(import.meta.dirname, "../../src/register.ts")).href;
const FIXTURES = path.join(import.meta.dirname, "../fixtures");
const TIMEOUT_MS = 30_000;

interface Metrics {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: unknown[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}
interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly attributes: unknown[]; readonly asInt: number }[] };
}

let received: Metrics[] = [];
const collector = createServer(async (request, response) => {
  received.push((await json(request)) as Metrics);
  response.end("{}");
});
await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
after(() => collector.close().closeAllConnections());
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const endpoint = urlOf(collector);
const ARGUMENTS = ["--conditions=tidemark-source", "--import", REGISTER];

async function run(kind: "module" | "commonjs", program: string, env: Record<string, string> = {}) {
  received = [];
  return promisify(execFile)(process.execPath, [...ARGUMENTS, `--input-type=${kind}`, "-e", program], {
    cwd: import.meta.dirname,
    timeout: TIMEOUT_MS,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: "shop", FIXTURES, ...env },
  });
}

/** Counted predictions, by the text of their attributes. */
function predictions(): [string, number][] {
  const metrics = received.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
  );
  const points = metrics
    .filter(({ name }) => name === "ml.inference.predictions")
    .flatMap(({ sum }) => sum!.dataPoints);
  return points.map(({ attributes, asInt }) => [JSON.stringify(attributes), asInt]);
}

const CREDIT = `
  const session = await InferenceSession.create(process.env.FIXTURES + "/credit.onnx");
  const { label } = await session.run({ features: new Tensor("float32", [40, 500, 1, 20, 1000, 2], [2, 3]) });
  console.log(label.data.join());`;

const PROGRAMS = {
  "onnxruntime, imported": ["module", `import { InferenceSession, Tensor } from "onnxruntime-node"; ${CREDIT}`, "1,0"],
  "onnxruntime, required": [
    "commonjs",
    `const { InferenceSession, Tensor } = require("onnxruntime-node"); (async () => {${CREDIT}})();`,
    "1,0",
  ],
  "transformers, an ES module": [
    "module",
    `import { env, pipeline } from "@huggingface/transformers";
     Object.assign(env, { allowRemoteModels: false, localModelPath: process.env.FIXTURES });
     const classify = await pipeline("text-classification", "tiny-classifier", { dtype: "fp32" });
     console.log((await classify(["good", "bad"])).map(({ label }) => label).join());`,
    "POSITIVE,NEGATIVE",
  ],
  "tfjs, imported": [
    "module",
    `import tf from "@tensorflow/tfjs";
     const model = tf.sequential({ name: "price", layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
     console.log(model.predict(tf.tensor2d([[1, 2], [3, 4]])).size);`,
    "2",
  ],
} as const;

const NAMES: Readonly<Record<keyof typeof PROGRAMS, string>> = {
  "onnxruntime, imported": "credit",
  "onnxruntime, required": "credit",
  "transformers, an ES module": "tiny-classifier",
  "tfjs, imported": "price",
};

describe("node --import @tidemark/instrumentation/register", () => {
  for (const [name, [kind, program, answer]] of Object.entries(PROGRAMS)) {
    it(`records ${name}, and sends its metrics with the host's resource when it ends`, async () => {
      const { stdout } = await run(kind, program);
      assert.equal(stdout.trim().split("\n").at(-1), answer);
      const found = predictions();
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.match(found[0]![0], new RegExp(`"${NAMES[name as keyof typeof PROGRAMS]}"`));
      assert.equal(found[0]![1], 2);
      const [attributes] = received[0]!.resourceMetrics.map(({ resource }) => JSON.stringify(resource.attributes));
      assert.match(attributes!, /"service.name","value":\{"stringValue":"shop"/);
    });
  }

  it("leaves a process alone where it is disabled, or where nothing can be sent", async () => {
    const [kind, program, answer] = PROGRAMS["onnxruntime, imported"];
    const disabled = await run(kind, program, { TIDEMARK_DISABLED: "true" });
    assert.deepEqual([disabled.stdout.trim(), disabled.stderr, predictions()], [answer, "", []]);
    const deaf = await run(kind, program, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
    assert.equal(deaf.stdout.trim(), answer);
    assert.match(deaf.stderr, /metrics could not be sent to http:\/\/127\.0\.0\.1:9\/v1\/metrics/);
  });

  it("sends its last metrics when it is told to end, and ends as without, also where nobody answers", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    after(() => silent.close().closeAllConnections());
    const program = `import { InferenceSession, Tensor } from "onnxruntime-node"; ${CREDIT} setInterval(() => {}, 1_000);`;
    for (const server of [collector, silent]) {
      received = [];
      const child = spawn(process.execPath, [...ARGUMENTS, "--input-type=module", "-e", program], {
        cwd: import.meta.dirname,
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: urlOf(server), FIXTURES },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGTERM");
      const [code, signal] = await once(child, "exit");
      assert.deepEqual([code, signal], [null, "SIGTERM"]);
      assert.equal(predictions().length, server === collector ? 1 : 0);
    }
  });

  it("says what is wrong with its configuration on the console, and goes on", async () => {
    const { stdout, stderr } = await run(...(PROGRAMS["onnxruntime, imported"].slice(0, 2) as ["module", string]), {
      TIDEMARK_CONFIG: "absent.yaml",
      TIDEMARK_LIBRARIES: "onnxruntme,onnxruntime",
    });
    assert.equal(stdout.trim(), "1,0");
    assert.match(stderr, /absent\.yaml cannot be read/);
    assert.match(stderr, /did you mean onnxruntime\?/);
    assert.equal(predictions().length, 1);
  });
});
