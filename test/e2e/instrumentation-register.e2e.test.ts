// A service that nobody changes: started with the stock NodeSDK and `--import @tidemark/instrumentation/register`, and
// judged by what arrives at its one OTLP endpoint.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { json } from "node:stream/consumers";
import { after, it } from "node:test";
import { promisify } from "node:util";
import { FIXTURES, hostProject } from "./tools/instrumentation-host.ts";
import { packWorkspace } from "./tools/npm-project.ts";

interface Resource {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface Received {
  readonly path: string;
  readonly body: {
    readonly resourceMetrics?: readonly {
      resource: Resource;
      scopeMetrics: readonly { metrics: { name: string }[] }[];
    }[];
    readonly resourceLogs?: readonly { resource: Resource; scopeLogs: readonly { logRecords: unknown[] }[] }[];
    readonly resourceSpans?: readonly { resource: Resource; scopeSpans: readonly { spans: { name: string }[] }[] }[];
  };
}

const received: Received[] = [];
const collector = createServer(async (request, response) => {
  received.push({ path: request.url!, body: (await json(request)) as Received["body"] });
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
});
await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
const tarballs = mkdtempSync(`${tmpdir()}/tidemark-tarballs-`);
after(() => {
  collector.close().closeAllConnections();
  rmSync(tarballs, { recursive: true });
});
const packed = packWorkspace(tarballs, ["semconv", "sketches", "instrumentation"]);

for (const [line, version] of [
  ["2.x", "0.223.0"],
  ["3.x", "0.301.0"],
]) {
  it(`metrics, events and spans arrive at one endpoint under one resource, with the NodeSDK ${version} of ${line}`, async () => {
    received.length = 0;
    const cwd = hostProject(`node-sdk-${line}`, [...packed, `@opentelemetry/sdk-node@${version}`]);
    const register = ["--import", "./node-sdk.mjs", "--import", "@tidemark/instrumentation/register"];
    const { stderr } = await promisify(execFile)(process.execPath, [...register, "app.mjs"], {
      cwd,
      timeout: 120_000,
      env: {
        ...process.env,
        FIXTURES,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_SERVICE_NAME: "shop",
        OTEL_RESOURCE_ATTRIBUTES: "service.version=3",
      },
    });
    assert.doesNotMatch(stderr, /tidemark:/);
    const metrics = received.flatMap(({ body }) => body.resourceMetrics ?? []);
    const ours = metrics.filter(({ scopeMetrics }) =>
      scopeMetrics.some((scope) => scope.metrics.some(({ name }) => name === "ml.inference.predictions")),
    );
    const logs = received.flatMap(({ body }) => body.resourceLogs ?? []);
    const spans = received.flatMap(({ body }) => body.resourceSpans ?? []);
    assert.equal(ours.length, 1, JSON.stringify(received.map(({ path }) => path)));
    assert.equal(logs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords)).length, 5);
    const names = spans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans.map(({ name }) => name)));
    assert.deepEqual(names, ["predict credit", "predict tiny-classifier"]);
    const resources = [ours[0]!, logs[0]!, spans[0]!].map(({ resource }) => attributesOf(resource));
    assert.deepEqual([resources[0]!["service.name"], resources[0]!["service.version"]], ["shop", "3"]);
    for (const resource of resources.slice(1)) {
      // Our own export names the process where the host does not.
      const { "service.instance.id": instance, ...rest } = resources[0]!;
      assert.ok(instance !== undefined);
      assert.deepEqual({ "service.instance.id": instance, ...resource }, { "service.instance.id": instance, ...rest });
    }
  });
}

function attributesOf({ attributes }: Resource): Record<string, string | undefined> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? JSON.stringify(value)]));
}
