import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProxyTracerProvider } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { hostResource } from "../../src/own-export/host-resource.ts";

const resource = resourceFromAttributes({ "service.name": "shop", "service.instance.id": "a" });
const wanted = { "service.name": "shop", "service.instance.id": "a" };

describe("hostResource", () => {
  it("is that of the host's providers, also behind the API's stand-in", async () => {
    const tracers = new TracerProvider({ resource });
    const proxy = new ProxyTracerProvider();
    proxy.setDelegate(tracers);
    for (const provider of [tracers, proxy, new MeterProvider({ resource })]) {
      assert.deepEqual(await hostResource([undefined, {}, provider], {}), wanted);
    }
  });

  it("waits for attributes that are still being found out", async () => {
    const pending = resourceFromAttributes({ "service.name": "shop", "host.id": Promise.resolve("h") });
    const found = await hostResource([new TracerProvider({ resource: pending })], {});
    assert.deepEqual([found["service.name"], found["host.id"]], ["shop", "h"]);
  });

  it("is that of the environment without an SDK, with an id of its own for each process", async () => {
    const env = { OTEL_SERVICE_NAME: "shop", OTEL_RESOURCE_ATTRIBUTES: "service.version=1%2C2,service.name=x" };
    const { "service.instance.id": id, ...rest } = await hostResource([new ProxyTracerProvider()], env);
    assert.deepEqual(rest, { "service.name": "shop", "service.version": "1,2" });
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(await hostResource([], {}), { "service.name": "unknown_service:node", "service.instance.id": id });
  });

  it("survives a provider that throws", async () => {
    const hostile = new Proxy({}, { get: () => assert.fail() });
    const { "service.name": name } = await hostResource([hostile], { OTEL_SERVICE_NAME: "shop" });
    assert.equal(name, "shop");
  });
});
