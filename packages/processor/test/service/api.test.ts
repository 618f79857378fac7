import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { HOUR_MS, logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { fileLifetime, startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string };
}

const lifetime = fileLifetime();
let processor: TestProcessor;
const received: { path: string; body: string }[] = [];
const collector = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ path: request.url ?? "", body });
    response.setHeader("content-type", "application/json").end("{}");
  });
});

before(async () => {
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  processor = await startTestProcessor(lifetime, {
    config: { export: { url: `http://127.0.0.1:${port}/v1/metrics`, interval: "200ms" } },
    pages: { "/report": async (api) => ({ contentType: "text/html", body: `<p>${(await api.models()).length}</p>` }) },
  });
  const predictions = somePredictions(200, 20);
  await processor.post("/v1/logs", logRequest(predictions.map(predictionRecord)));
  const second = predictions.slice(0, 5).map((prediction) => ({ ...prediction, version: "2" }));
  await processor.post("/v1/logs", logRequest(second.map(predictionRecord)));
  await processor.post("/v1/replay", '{"finish": true}');
});
after(() => collector.close());

async function refused(path: string, status: number, init: RequestInit = {}): Promise<ApiError["error"]> {
  const response = await fetch(processor.url + path, init);
  assert.equal(response.status, status, path);
  const { error } = (await response.json()) as ApiError;
  assert.ok(error.fix.length > 0);
  return error;
}

test("a wrong parameter is refused with its name and the nearest valid one", async () => {
  const unknown = await refused("/v1/measurements?modle=x", 400);
  assert.equal(unknown.code, "TIDEMARK_REQUEST_INVALID");
  assert.match(unknown.message, /"modle"/);
  assert.match(unknown.fix, /model/);
  const rows: [path: string, message: RegExp][] = [
    ["/v1/measurements?signal=drfit", /"signal".*found "drfit"/],
    ["/v1/measurements?from=yesterday", /"from".*found "yesterday"/],
    ["/v1/measurements?latest=1", /"latest"/],
    ["/v1/predictions/x", /"model".*missing/],
    ["/v1/export?model=flight-delay&format=xml", /"format".*found "xml"/],
    ["/v1/predictions/%E0?model=flight-delay", /percent-encoding/],
    ["//[/v1/models", /is not a URL/],
  ];
  for (const [path, message] of rows) assert.match((await refused(path, 400)).message, message);
});

test("what is not there is 404, a wrong method 405", async () => {
  assert.equal((await refused("/v2/models", 404)).code, "TIDEMARK_NOT_FOUND");
  await refused("/v1/profiles/sha256:0", 404);
  await refused("/v1/export?model=churn", 404);
  await refused("/v1/models", 405, { method: "DELETE" });
  await refused("/v1/replay", 400, { method: "POST", body: "{}" });
});

test("an export of several versions asks for one", async () => {
  const error = await refused("/v1/export?model=flight-delay&format=csv", 400);
  assert.match(error.fix, /version=1&role=champion, version=2&role=champion/);
  const response = await fetch(`${processor.url}/v1/export?model=flight-delay&format=csv&version=2`);
  assert.equal((await response.text()).trimEnd().split("\n").length, 6);
});

test("HEAD answers as GET without a body, and nothing may be cached", async () => {
  const response = await fetch(`${processor.url}/v1/models`, { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.ok(Number(response.headers.get("content-length")) > 100);
  assert.equal(await response.text(), "");
});

test("pages are served, and / lists what there is", async () => {
  const page = await fetch(`${processor.url}/report`);
  assert.equal(page.headers.get("content-type"), "text/html");
  assert.equal(await page.text(), "<p>2</p>");
  const { paths } = await processor.json<{ paths: { path: string }[] }>("/");
  for (const path of ["/v1/measurements", "/metrics", "/report"])
    assert.ok(paths.some((listed) => listed.path === path));
});

test("the API describes itself", async () => {
  const document = await processor.json<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
    "/v1/openapi.json",
  );
  assert.equal(document.openapi, "3.1.0");
  assert.ok(document.paths["/v1/outcomes"]!["post"]);
  assert.ok(document.paths["/v1/profiles/{id}"]!["get"]);
  assert.doesNotThrow(() => JSON.stringify(document));
});

test("outcomes are taken as a JSON array or lines, by the rules of OTLP", async () => {
  const time = new Date(Date.UTC(2001, 1, 5) + HOUR_MS).toISOString();
  const lines = [
    { model: "flight-delay", id: "p-1", label: "late", time },
    { model: "churn", id: "p-1", label: "late", time },
    { model: "flight-delay", id: "p-2", kind: "guess", label: "late", time },
    { model: "flight-delay", label: "late" },
  ];
  const response = await processor.post("/v1/outcomes", lines.map((line) => JSON.stringify(line)).join("\n"));
  assert.equal(response.status, 200);
  const answer = (await response.json()) as { accepted: number; rejected: { reason: string; count: number }[] };
  assert.equal(answer.accepted, 1);
  assert.deepEqual(
    answer.rejected.map(({ count }) => count),
    [1, 1, 1],
  );
  assert.deepEqual(
    answer.rejected.slice(1).map(({ reason }) => reason),
    ["unknown_model", "malformed"],
  );
  const { predictions } = await processor.json<{ predictions: { outcome: { label: string; time: string } }[] }>(
    "/v1/predictions/p-1?model=flight-delay",
  );
  assert.equal(predictions[0]!.outcome.label, "late");
  assert.equal(predictions[0]!.outcome.time, time);
  await refused("/v1/outcomes", 400, { method: "POST", body: "late" });
});

test("a body of outcomes is bounded in bytes and in number, unpacked too", async () => {
  const gzipped = { "content-type": "application/json", "content-encoding": "gzip" };
  const rows: [body: string, message: RegExp][] = [
    [`[${"1,".repeat(100_000)}1]`, /at most 100000 outcomes in a request, found 100001/],
    ["1\n".repeat(100_001), /at most 100000 outcomes/],
    [" ".repeat(17 * 1024 * 1024), /after decompression/],
  ];
  for (const [body, message] of rows) {
    const response = await processor.post("/v1/outcomes", gzipSync(body), gzipped);
    assert.equal(response.status, 413);
    assert.match(await response.text(), message);
  }
  const command = await processor.post("/v1/replay", gzipSync(" ".repeat(2 * 1024 * 1024)), gzipped);
  assert.equal(command.status, 413);
});

test("measurements go out as OTLP metrics under the names of the semantic conventions", async () => {
  for (let waitedMs = 0; !received.at(-1)?.body.includes("ml.drift.severity"); waitedMs += 50) {
    assert.ok(waitedMs < 10_000, "no metrics were exported in ten seconds");
    await sleep(50);
  }
  const { path, body } = received.at(-1)!;
  assert.equal(path, "/v1/metrics");
  const { resourceMetrics } = JSON.parse(body) as {
    resourceMetrics: { scopeMetrics: { scope: { name: string }; metrics: { name: string; unit: string }[] }[] }[];
  };
  const scope = resourceMetrics[0]!.scopeMetrics.find((each) => each.scope.name === "tidemark")!;
  assert.equal(scope.metrics.find((metric) => metric.name === "ml.drift.severity")!.unit, "1");
  assert.ok(scope.metrics.some((metric) => metric.name === "tidemark.ingest.records"));
});

test("it is alive and ready", async () => {
  assert.equal((await fetch(`${processor.url}/healthz`)).status, 200);
  assert.equal((await processor.json<{ status: string }>("/readyz")).status, "ready");
});
