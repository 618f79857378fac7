import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readExportSettings } from "../../src/own-export/export-settings.ts";

describe("readExportSettings", () => {
  it("sends to where the host's SDK sends, by its variables", () => {
    const rows: [Record<string, string>, string][] = [
      [{}, "http://localhost:4318/v1/metrics"],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" }, "http://collector:4318/v1/metrics"],
      [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "https://c/x" }, "https://c/x"],
      [{ OTEL_METRICS_EXPORTER: "console, OTLP" }, "http://localhost:4318/v1/metrics"],
      [
        { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf" },
        "http://localhost:4318/v1/metrics",
      ],
    ];
    for (const [env, url] of rows) {
      const settings = readExportSettings(env, null);
      assert.equal(typeof settings === "string" ? settings : settings.url, url);
    }
  });

  it("says why it cannot, unless it is told where to", () => {
    for (const env of [{ OTEL_METRICS_EXPORTER: "none" }, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }]) {
      assert.match(readExportSettings(env, null) as string, /TIDEMARK_METRICS_ENDPOINT/);
      const told = readExportSettings(env, "http://127.0.0.1:4318/v1/metrics");
      assert.ok(typeof told !== "string");
    }
    assert.match(readExportSettings({}, "localhost:4318") as string, /"localhost:4318", expected an http or https URL/);
  });

  it("takes headers, compression, timeout and interval", () => {
    const settings = readExportSettings(
      {
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a,x=1,nonsense",
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: "x=2",
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
        OTEL_EXPORTER_OTLP_TIMEOUT: "500",
        OTEL_METRIC_EXPORT_INTERVAL: "-1",
      },
      null,
    );
    assert.deepEqual(settings, {
      url: "http://localhost:4318/v1/metrics",
      headers: { authorization: "Bearer a", x: "2" },
      isCompressed: true,
      timeoutMs: 500,
      intervalMs: 60_000,
    });
  });
});
