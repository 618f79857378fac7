import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createHarness, FLIGHTS, pointValue } from "./harness.ts";

const README = join(import.meta.dirname, "../README.md");

/** What the examples take for granted. */
function createSurroundings() {
  const harness = createHarness();
  const { tidemark } = harness;
  const { profile } = FLIGHTS;
  const features = { distance: "numeric", origin: "categorical" } as const;
  const describe = (role: "champion" | "shadow", version: string) =>
    tidemark.describeModel({ name: "two", version, role, features });
  return {
    harness,
    given: {
      // The profile's file is not there: its content is.
      createTidemark: () => ({
        ...tidemark,
        describeModel: (description: { name: string }) =>
          tidemark.describeModel(
            "profile" in description
              ? { name: description.name, version: "3", profile: { ...profile, model: { name: description.name } } }
              : (description as never),
          ),
      }),
      PeriodicExportingMetricReader,
      LoggerProvider,
      exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
      inputs: { distance: 2_176, origin: "ATL" },
      features,
      session: { run: () => ({ probability: 0.81 }) },
      candidate: { run: () => ({ probability: 0.5 }) },
      toPrediction: (output: { probability: number }) => ({ score: output.probability }),
      champion: describe("champion", "1"),
      shadow: describe("shadow", "2"),
      ensemble: tidemark.describeModel({ name: "ensemble", version: "1", features }),
    },
  };
}

it("the README's examples run as they stand and are recorded", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-readme-"));
  try {
    const blocks = [...readFileSync(README, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
    assert.ok(blocks.length >= 6, `${blocks.length} examples`);
    const code = blocks
      .join("\n")
      .replaceAll(/^import .*$/gm, "")
      .replace("/var/lib/my-service/outbox", folder);
    const { harness, given } = createSurroundings();
    const run = new Function(...Object.keys(given), `${code}\nreturn { result, answer };`);
    assert.deepEqual(run(...Object.values(given)), { result: { probability: 0.81 }, answer: { probability: 0.81 } });
    const points = await harness.points();
    const predictionsOf = (model: string, role = "champion") =>
      pointValue(points, "ml.inference.predictions", { "ml.model.name": model, "ml.deployment.role": role });
    assert.deepEqual(
      [
        predictionsOf("flight-delay"),
        predictionsOf("two"),
        predictionsOf("two", "shadow"),
        predictionsOf("ensemble"),
        predictionsOf("trees", "member"),
        predictionsOf("linear", "member"),
      ],
      [3, 1, 1, 1, 1, 1],
    );
    const dropped = pointValue(points, "tidemark.instrumentation.dropped");
    assert.equal(dropped, undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
