import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { json } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { SpanKind } from "@opentelemetry/api";
import { fetch as undiciFetch, request as undiciRequest } from "undici";
import { instrument, ofModel } from "../auto/instrumented.ts";
import { countsBy, type Point, pointValue, statesOf } from "../harness.ts";
import { startModelServer, unusedUrl } from "./model-server.ts";

const { instrumentation, points, events, spans } = instrument({ libraries: ["open_inference"] });
const server = await startModelServer();
after(async () => {
  instrumentation.disable();
  await server.close();
});

const BODY = JSON.stringify({
  id: "order-1",
  inputs: [
    {
      name: "x",
      datatype: "FP64",
      shape: [2, 2],
      data: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
});
const headers = { "content-type": "application/json" };
const TOTALS = { name: "total", datatype: "FP32", shape: [2, 1], data: [3, 7] };

type Answer = { outputs: unknown[] };

/** Every way a host may ask; each gives the parsed answer. */
const clients: Readonly<Record<string, (url: string, body: string) => Promise<Answer>>> = {
  fetch: async (url, body) => (await fetch(url, { method: "POST", headers, body })).json() as Promise<Answer>,
  "fetch of bytes": async (url, body) =>
    (await fetch(url, { method: "POST", headers, body: new TextEncoder().encode(body) })).json() as Promise<Answer>,
  "fetch of a Request": async (url, body) =>
    (await fetch(new Request(url, { method: "POST", headers, body }))).json() as Promise<Answer>,
  "fetch read as a stream": async (url, body) => {
    const response = await fetch(new URL(url), { method: "post", headers, body });
    let text = "";
    for await (const chunk of response.body!) text += new TextDecoder().decode(chunk);
    return JSON.parse(text) as Answer;
  },
  "undici's request": async (url, body) =>
    (await undiciRequest(url, { method: "POST", headers, body })).body.json() as Promise<Answer>,
  "undici's fetch": async (url, body) =>
    (await undiciFetch(url, { method: "POST", headers, body })).json() as Promise<Answer>,
  "node:http": (url, body) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(url, { method: "POST", headers }, (response) =>
        resolve(json(response) as Promise<Answer>),
      );
      request.on("error", reject);
      request.write(body.slice(0, 10));
      request.end(body.slice(10));
    }),
};

/** As axios asks: by node:http, and decoding itself what comes. */
const unzipped = (url: string, body: string) =>
  new Promise<Answer>((resolve, reject) => {
    httpRequest(url, { method: "POST", headers }, (response) => {
      const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };
      const decoder = decoders[response.headers["content-encoding"] as keyof typeof decoders]();
      resolve(json(response.pipe(decoder)) as Promise<Answer>);
    })
      .on("error", reject)
      .end(body);
  });

let calls = 0;
/** A name of its own for each call, so that its points are told apart. */
const nextModel = () => `sum-${++calls}`;

/** Bodies are read beside the host, so a record may come a little after the answer. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await isTrue()) && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
}

async function recordedOf(model: string): Promise<Point[]> {
  await until(async () => ofModel(await points(), model).length > 0);
  return ofModel(await points(), model);
}

describe("open_inference", () => {
  for (const [name, ask] of Object.entries(clients)) {
    it(`records what is asked by ${name}, once, and leaves the answer as it is`, async () => {
      const model = nextModel();
      const answer = await ask(`${server.url}/v2/models/${model}/infer`, BODY);
      assert.deepEqual(answer.outputs, [TOTALS]);
      const recorded = await recordedOf(model);
      assert.equal(pointValue(recorded, "ml.inference.predictions", { "ml.model.version": "7" }), 2);
      assert.deepEqual(statesOf(recorded, "x.1"), { valid: 2 });
      assert.equal((pointValue(recorded, "ml.inference.batch.size") as { count: number }).count, 1);
      const span = spans.getFinishedSpans().find((found) => found.name === `predict ${model}`)!;
      assert.deepEqual([span.kind, span.attributes["ml.system.name"]], [SpanKind.CLIENT, "open_inference"]);
      const sent = events().filter(({ attributes }) => attributes["ml.model.name"] === model);
      assert.deepEqual(
        sent.map(({ attributes }) => [attributes["ml.inference.id"], attributes["ml.prediction.value"]]),
        [
          ["order-1.0", 3],
          ["order-1.1", 7],
        ],
      );
    });

    it(`counts a refusal to ${name} as a failure by its status`, async () => {
      const model = `broken-${nextModel()}`;
      await ask(`${server.url}/v2/models/${model}/versions/2/infer?x=1`, BODY);
      const recorded = await recordedOf(model);
      assert.equal(
        pointValue(recorded, "ml.inference.predictions", { "ml.model.version": "2", "error.type": "500" }),
        2,
      );
    });

    it(`counts a server that is not there for ${name} as a failure`, async () => {
      const model = nextModel();
      await ask(`${server.url}/v2/models/${model}/infer`, BODY);
      await assert.rejects(ask(`${await unusedUrl()}/v2/models/${model}/infer`, BODY));
      const failures = async () => {
        const recorded = ofModel(await points(), model).filter(({ attributes }) => "error.type" in attributes);
        return countsBy(recorded, "ml.inference.predictions", "error.type");
      };
      await until(async () => Object.keys(await failures()).length > 0);
      assert.deepEqual(Object.values(await failures()), [name === "undici's fetch" ? 1 : 2]);
    });
  }

  for (const encoding of ["gzip", "deflate", "br"]) {
    it(`reads an answer in ${encoding}`, async () => {
      for (const ask of [clients["fetch"]!, clients["undici's fetch"]!, unzipped]) {
        const model = `squeezed-${encoding}-${nextModel()}`;
        assert.deepEqual((await ask(`${server.url}/v2/models/${model}/infer`, BODY)).outputs, [TOTALS]);
        const recorded = await recordedOf(model);
        assert.equal((pointValue(recorded, "ml.prediction.value") as { count: number } | undefined)?.count, 2);
      }
    });
  }

  it("counts a call whose answer cannot be read, and what it lost", async () => {
    const model = `dumb-${nextModel()}`;
    await assert.rejects(clients["fetch"]!(`${server.url}/v2/models/${model}/infer`, BODY), SyntaxError);
    assert.equal(pointValue(await recordedOf(model), "ml.inference.predictions"), 1);
    assert.equal(
      pointValue(await points(), "tidemark.instrumentation.dropped", { "tidemark.drop.reason": "internal_error" }),
      1,
    );
  });

  it("looks at nothing else", async () => {
    const before = (await points()).length;
    await (await fetch(`${server.url}/v2/models/x/infer`)).text().catch(() => "");
    await fetch(`${server.url}/v2/models/x/ready/broken`, { method: "POST", body: BODY });
    assert.equal((await points()).length, before);
  });

  it("does not read large bodies, and still counts their call", async () => {
    const model = nextModel();
    const data = Array.from({ length: 400_000 }, () => 0.5);
    const inputs = [{ name: "x", datatype: "FP64", shape: [1, data.length], data }];
    await clients["node:http"]!(`${server.url}/v2/models/${model}/infer`, JSON.stringify({ inputs }));
    const recorded = await recordedOf(model);
    assert.equal(pointValue(recorded, "ml.inference.predictions", { "ml.model.version": "7" }), 1);
    assert.deepEqual(statesOf(recorded, "x.0"), {});
  });

  it("gives everything back when it is disabled", async () => {
    const patched = globalThis.fetch;
    instrumentation.disable();
    assert.notEqual(globalThis.fetch, patched);
    const model = nextModel();
    for (const ask of Object.values(clients)) await ask(`${server.url}/v2/models/${model}/infer`, BODY);
    assert.deepEqual(ofModel(await points(), model), []);
    instrumentation.enable();
  });
});
