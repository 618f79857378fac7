// The published package, installed as a user installs it, on every line of Node and of the OpenTelemetry SDK it promises.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { FIXTURES, hostProject } from "./tools/instrumentation-host.ts";
import { nodeOf, packWorkspace } from "./tools/npm-project.ts";

const TIMEOUT_MS = 120_000;

/** The lowest of each line that is promised, and the newest. */
const NODES = ["20.19.0", "22.12.0", "24.21.0", "26.10.0"];

/** The first and the last of the 2.x line of the SDK, and the newest of 3.x. The first runs on the lowest API there is. */
const SDKS: Readonly<Record<string, readonly string[]>> = {
  "2.0.0": [
    "@opentelemetry/api@1.9.0",
    "@opentelemetry/sdk-metrics@2.0.0",
    // Later lines have a package of this name.
    "@opentelemetry/sdk-trace@npm:@opentelemetry/sdk-trace-base@2.0.0",
    "@opentelemetry/sdk-logs@0.200.0",
    "@opentelemetry/instrumentation@0.200.0",
  ],
  "2.12.1": [
    "@opentelemetry/api@1.9.1",
    "@opentelemetry/sdk-metrics@2.12.1",
    "@opentelemetry/sdk-trace@2.12.1",
    "@opentelemetry/sdk-logs@0.223.1",
    "@opentelemetry/instrumentation@0.223.0",
  ],
  "3.1.1": [
    "@opentelemetry/api@1.10.0",
    "@opentelemetry/sdk-metrics@3.1.1",
    "@opentelemetry/sdk-trace@3.1.1",
    "@opentelemetry/sdk-logs@3.1.1",
    "@opentelemetry/instrumentation@0.301.1",
  ],
};

/** How a user loads the set-up of OpenTelemetry before the service. */
const KINDS = { module: ["--import", "./setup.mjs", "app.mjs"], commonjs: ["--require", "./setup.cjs", "app.cjs"] };

interface Report {
  readonly points: readonly { metric: string; attributes: Record<string, string>; value: unknown }[];
  readonly events: readonly Record<string, unknown>[];
  readonly spans: readonly string[];
  readonly node: string;
}

const tarballs = mkdtempSync(path.join(tmpdir(), "tidemark-tarballs-"));
after(() => rmSync(tarballs, { recursive: true }));
const packed = packWorkspace(tarballs, ["semconv", "sketches", "instrumentation"]);

const run = (node: string, cwd: string, args: readonly string[], env: Record<string, string> = {}) =>
  promisify(execFile)(node, args, {
    cwd,
    timeout: TIMEOUT_MS,
    env: { ...process.env, NODE_OPTIONS: "", FIXTURES, ...env },
  });

for (const line of Object.keys(SDKS)) {
  describe(`with the OpenTelemetry SDK ${line}`, () => {
    const project = hostProject(`sdk-${line}`, [...packed, ...SDKS[line]!]);
    for (const version of NODES) {
      for (const [kind, args] of Object.entries(KINDS)) {
        it(`Node ${version}, ${kind}: metrics, events and spans of two libraries`, async () => {
          const { stdout, stderr } = await run(nodeOf(version), project, args);
          const report = JSON.parse(stdout.trim().split("\n").at(-1)!) as Report;
          assert.equal(report.node, version);
          const counts = report.points.filter(({ metric }) => metric === "ml.inference.predictions");
          assert.deepEqual(
            counts.map(({ attributes, value }) => [attributes["ml.model.name"], value]),
            [
              ["credit", 2],
              ["tiny-classifier", 3],
            ],
            stderr,
          );
          assert.ok(report.points.some(({ metric }) => metric === "ml.feature.value"));
          assert.deepEqual(
            report.events.map((attributes) => attributes["ml.prediction.label"]),
            ["1", "0", "POSITIVE", "NEGATIVE", "POSITIVE"],
          );
          assert.deepEqual(report.spans, ["predict credit", "predict tiny-classifier"]);
          assert.doesNotMatch(stderr, /tidemark:|TypeError/);
        });
      }
    }
  });
}
