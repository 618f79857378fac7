// Exceptions inside our own code, injected: the host's answers and errors stay as they are, and each loss is counted.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import { after, afterEach, describe, it, mock } from "node:test";
import { type ContextManager, context } from "@opentelemetry/api";
import { fetch as undiciFetch, request as undiciRequest } from "undici";
import { ModelBinding } from "../../src/auto/model-binding.ts";
import { BodyCollector } from "../../src/open-inference/body-collector.ts";
import { instrument } from "../auto/instrumented.ts";
import { pointValue } from "../harness.ts";
import { startModelServer } from "./model-server.ts";

const { instrumentation, points } = instrument({ libraries: ["open_inference", "onnxruntime"] });
const { InferenceSession, Tensor } = await import("onnxruntime-node");
const server = await startModelServer();
const uncaught: unknown[] = [];
const keep = (error: unknown) => void uncaught.push(error);
process.on("uncaughtException", keep);
process.on("unhandledRejection", keep);
after(async () => {
  process.off("uncaughtException", keep);
  process.off("unhandledRejection", keep);
  instrumentation.disable();
  await server.close();
});
afterEach(() => {
  mock.restoreAll();
  context.disable();
});

const session = await InferenceSession.create(path.join(import.meta.dirname, "../fixtures/credit.onnx"));
const feeds = { features: new Tensor("float32", Float32Array.of(40, 500, 1), [1, 3]) };

const inputs = [{ name: "x", datatype: "FP64", shape: [1, 2], data: [1, 2] }];
const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ inputs }) };
type Answer = { outputs: { data: number[] }[] };
const url = `${server.url}/v2/models/sum/infer`;

/** Every way of asking that is watched; each gives the sum that the server answered, or the label of the session. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  fetch: async () => ((await (await fetch(url, options)).json()) as Answer).outputs[0]!.data[0],
  "undici's fetch": async () => ((await (await undiciFetch(url, options)).json()) as Answer).outputs[0]!.data[0],
  "undici's request": async () =>
    ((await (await undiciRequest(url, { ...options, method: "POST" })).body.json()) as Answer).outputs[0]!.data[0],
  "node:http": () =>
    new Promise((resolve, reject) => {
      httpRequest(url, options, (response) =>
        json(response).then((answer) => resolve((answer as Answer).outputs[0]!.data[0]), reject),
      )
        .on("error", reject)
        .end(options.body);
    }),
  onnxruntime: async () => Number((await session.run(feeds)).label!.data[0]),
};
const ANSWERS: Readonly<Record<string, number>> = { onnxruntime: 1 };

const broken = (): never => {
  throw new RangeError("injected");
};

/** Our own steps, each made to throw. */
const faults: Readonly<Record<string, () => void>> = {
  "keeping a body": () => void mock.method(BodyCollector.prototype, "add", broken),
  "reading a body": () => void mock.method(BodyCollector.prototype, "text", broken),
  "recording a call": () => void mock.method(ModelBinding.prototype, "record", broken),
  "the host's context manager": () => {
    const manager: ContextManager = {
      active: broken,
      with: (_context, run, self, ...args) => run.apply(self as never, args),
      bind: (_context, target) => target,
      enable: () => manager,
      disable: () => manager,
    };
    context.setGlobalContextManager(manager);
  },
};

async function lost(): Promise<number> {
  const dropped = pointValue(await points(), "tidemark.instrumentation.dropped", {
    "tidemark.drop.reason": "internal_error",
  });
  return Number(dropped ?? 0);
}

/** Bodies are read beside the host. */
async function untilMoreThan(before: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  while ((await lost()) <= before && performance.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
}

describe("an exception of our own", () => {
  for (const [fault, inject] of Object.entries(faults)) {
    for (const [name, ask] of Object.entries(calls)) {
      if (name === "onnxruntime" && fault.endsWith("a body")) continue;
      it(`in ${fault} changes no answer to ${name}, and is counted`, async () => {
        const before = await lost();
        inject();
        assert.equal(await ask(), ANSWERS[name] ?? 3);
        context.disable();
        await untilMoreThan(before);
        assert.ok((await lost()) > before);
        assert.deepEqual(uncaught, []);
      });
    }
  }

  it("inputs that are proxies or getters that throw change no answer", async () => {
    const before = await lost();
    const getter = {
      get features(): never {
        throw new TypeError("getter");
      },
    };
    await assert.rejects(session.run(getter), /getter/);
    // The library asks for its own names alone; we look at all that are there.
    const proxy = new Proxy(feeds, { ownKeys: broken });
    assert.equal(Number((await session.run(proxy)).label!.data[0]), 1);
    assert.ok((await lost()) > before);
    assert.deepEqual(uncaught, []);
  });

  it("a request whose body is used already fails as without, and nothing is left unhandled", async () => {
    const request = new Request(url, options);
    await request.text();
    await assert.rejects(fetch(request), TypeError);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(uncaught, []);
  });
});
