// `tidemark collector-config` in the real Collector: services that send events alone have profiles too.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { ageOf, churnProfile, planOf, predictionEvent, scoreOf } from "./tools/churn-events.ts";
import { freePorts } from "./tools/free-ports.ts";
import { sendEvents } from "./tools/otlp-json.ts";
import { JSON_ENCODING, type SinkItem, startOtlpSink } from "./tools/otlp-sink.ts";
import { poll } from "./tools/poll.ts";
import { startChurnProcessor } from "./tools/start-churn-processor.ts";
import { startCollector } from "./tools/start-collector.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("profiles from events: the Collector counts on the profile's bins what the instrumentation would", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-derived-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const profile = await churnProfile(folder);
  const cli = ["--conditions=tidemark-source", path.join(root, "packages/cli/src/main.ts")];
  const made = spawnSync(
    "node",
    [...cli, "collector-config", path.join(folder, "profile.json"), "-o", path.join(folder, "derive.yaml")],
    { encoding: "utf8" },
  );
  assert.equal(made.status, 0, made.stderr);
  await using sink = await startOtlpSink();
  const json = path.join(folder, "json.yaml");
  writeFileSync(json, JSON_ENCODING("otlp_http/processor"));
  const derive = path.join(folder, "derive.yaml");
  await using gateway = await startCollector({
    configs: ["gateway.yaml", derive, json],
    cwd: folder,
    env: { TIDEMARK_PROCESSOR_URL: sink.url },
  });

  const ROWS = 900;
  const inputs = (row: number): Record<string, string | number> => {
    if (row % 100 === 1) return { plan: planOf(row) };
    if (row % 100 === 2) return { age: "old", plan: planOf(row) };
    if (row % 100 === 3) return { age: 150, plan: "gold" };
    return { age: ageOf(row), plan: planOf(row) };
  };
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  for (let from = 0; from < ROWS; from += 300) {
    await sendEvents(
      gateway.url,
      rows
        .slice(from, from + 300)
        .map((row) => predictionEvent(row, Date.now(), { "ml.inference.inputs": inputs(row) })),
    );
  }
  const points = (name: string) => sink.items.filter((item) => item.kind === "point" && item.name === name);
  const sum = (name: string, by: string, feature?: string) => {
    const totals: Record<string, number> = {};
    for (const { attributes, body } of points(name)) {
      if (feature !== undefined && attributes["ml.feature.name"] !== feature) continue;
      const key = String(attributes[by]);
      totals[key] = (totals[key] ?? 0) + Number(body["asInt"] ?? body["asDouble"]);
    }
    return totals;
  };
  await poll("every event has been counted", 30, async () =>
    sum("ml.inference.predictions", "ml.model.name")["churn"] === ROWS ? true : undefined,
  );
  assert.deepEqual(sum("ml.feature.values", "ml.feature.value.state", "age"), {
    valid: 873,
    missing: 9,
    type_mismatch: 9,
    out_of_range: 9,
  });
  assert.deepEqual(sum("ml.feature.values", "ml.feature.value.state", "plan"), { valid: 891, unseen_category: 9 });
  const plans = rows.map((row) => String(inputs(row)["plan"])).map((plan) => (plan === "gold" ? "_other_" : plan));
  assert.deepEqual(sum("ml.feature.categories", "ml.feature.category", "plan"), countsOf(plans));
  assert.deepEqual(
    sum("ml.prediction.labels", "ml.prediction.label"),
    countsOf(rows.map((row) => (scoreOf(row) >= 0.5 ? "leaves" : "stays"))),
  );

  const ages = rows.map((row) => inputs(row)["age"]).filter((age) => typeof age === "number");
  const field = profile.fields.find(({ name }) => name === "age");
  assert.ok(field?.kind === "numeric");
  assert.deepEqual(histogramOf(points("ml.feature.value"), field.boundaries), binned(ages, field.boundaries));
  const score = profile.fields.find(({ name }) => name === "score");
  assert.ok(score?.kind === "numeric");
  assert.deepEqual(
    histogramOf(points("ml.prediction.score"), score.boundaries),
    binned(rows.map(scoreOf), score.boundaries),
  );
  for (const item of sink.items)
    assert.ok(!Object.keys(item.attributes).some((key) => key.startsWith("tidemark.")), "nothing of the way is left");

  // And the processor takes such points.
  const [port = 0] = await freePorts(1);
  const processor = await startChurnProcessor(folder, port);
  try {
    await using second = await startCollector({
      configs: ["gateway.yaml", derive],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: processor.url },
    });
    await sendEvents(
      second.url,
      rows.map((row) => predictionEvent(row, Date.now())),
    );
    const accepted = await poll("the processor has the points", 30, async () => {
      const { ingest } = (await (await fetch(`${processor.url}/v1/status`)).json()) as {
        ingest: { result: string; kind?: string; signal?: string; count: number }[];
      };
      const total = ingest.filter(({ result }) => result === "accepted").reduce((all, { count }) => all + count, 0);
      return total > ROWS ? ingest : undefined;
    });
    assert.deepEqual(
      accepted.filter(({ result }) => result === "rejected"),
      [],
    );
  } finally {
    await processor.close();
  }
});

function countsOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(texts, (text) => text)).map(([text, all]) => [text, all!.length]),
  );
}

/** Counts by bin; a value on an edge belongs to the bin below. */
function binned(values: readonly number[], boundaries: readonly number[]): number[] {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const value of values) {
    const index = boundaries.findIndex((boundary) => value <= boundary);
    counts[index < 0 ? boundaries.length : index]!++;
  }
  return counts;
}

function histogramOf(points: readonly SinkItem[], boundaries: readonly number[]): number[] {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const { body } of points) {
    assert.deepEqual(body["explicitBounds"], boundaries);
    (body["bucketCounts"] as string[]).forEach((count, index) => {
      counts[index]! += Number(count);
    });
  }
  return counts;
}
