import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { flyCanary } from "../../src/watch/canary.ts";

type Pipeline = "whole" | "loses outcomes" | "loses all" | "refuses";

/** A processor that keeps what it is sent, as well as its pipeline lets it. */
async function startFake(t: TestContext, pipeline: Pipeline) {
  const requests: { url: string; authorization: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { url = "", headers, method } = request;
    requests.push({ url, authorization: headers.authorization, body: await text(request) });
    if (method === "POST") return response.writeHead(pipeline === "refuses" ? 503 : 200).end("{}");
    if (pipeline === "loses all") return response.writeHead(404).end("{}");
    const outcome = pipeline === "whole" ? { label: "low" } : null;
    response.end(JSON.stringify({ predictions: [{ outcome }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = { endpoint: url, ingestToken: "in", readToken: "out", processor: url, withinMs: 600 };
  return { target, requests };
}

test("a canary that comes back joined is well, and its time is known", async (t) => {
  const { target, requests } = await startFake(t, "whole");
  const { problem, seconds } = await flyCanary(target, 3);
  assert.equal(problem, null);
  assert.ok(seconds > 0);
  assert.deepEqual(
    requests.map(({ authorization }) => authorization),
    ["Bearer in", "Bearer out"],
  );
  const { logRecords } = JSON.parse(requests[0]!.body).resourceLogs[0].scopeLogs[0];
  assert.deepEqual(
    logRecords.map(({ eventName }: { eventName: string }) => eventName),
    ["ml.inference.details", "ml.outcome.reported"],
  );
  assert.match(requests[0]!.body, /"value":\{"doubleValue":11\}/, "37 steps a turn, of a hundred values");
});

test("one that does not come back says how far it came", async (t) => {
  for (const [pipeline, problem] of [
    ["loses outcomes", /stored without its outcome: within 0.6 s/],
    ["loses all", /sent and is not stored: within 0.6 s/],
    ["refuses", /could not be sent: .* answered 503/],
  ] as const) {
    const { target } = await startFake(t, pipeline);
    assert.match((await flyCanary(target, 0)).problem ?? "", problem);
  }
});
