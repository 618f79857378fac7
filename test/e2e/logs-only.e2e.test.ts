// examples/logs-only: a service that only logs, a real Collector that makes metrics of the logs, a real processor that
// judges by these alone, since the Collector drops the inputs from the events.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { ageOf, churnProfile, planOf } from "./tools/churn-events.ts";
import { poll } from "./tools/poll.ts";
import { pythonOf } from "./tools/python-tool.ts";
import { startServer } from "./tools/server-process.ts";
import { startCollector } from "./tools/start-collector.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const EXAMPLE = path.join(ROOT, "examples/logs-only");
const PREDICTIONS = 400;

async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200, url);
  return (await answer.json()) as T;
}

const get = async <T>(url: string) => (await (await fetch(url)).json()) as T;

test("a service that only logs is judged by the metrics that the Collector derives", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-logs-only-"));
  await churnProfile(folder);
  const cli = ["--conditions=tidemark-source", path.join(ROOT, "packages/cli/src/main.ts")];
  const derive = path.join(folder, "logs-to-profiles.yaml");
  execFileSync(process.execPath, [...cli, "collector-config", "profile.json", "-o", derive], { cwd: folder });
  const processor = await startProcessor({
    config: configSchema.parse({
      server: { port: 0 },
      store: { path: "data" },
      clock: { mode: "replay" },
      models: [{ name: "churn", profile: "profile.json", windows: ["24h"] }],
    }),
    directory: folder,
    logger: pino({ level: "silent" }),
  });
  try {
    await using collector = await startCollector({
      configs: ["gateway.yaml", derive, path.join(EXAMPLE, "drop-inputs.yaml")],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: processor.url },
    });
    const [first] = await serveOlderCustomers(folder, collector.url);
    await poll("everything has arrived", 60, async () => {
      const { models } = await get<{ models: { predictions: number; outcomes: number }[] }>(
        `${processor.url}/v1/models`,
      );
      const { ingest } = await get<{ ingest: { record: string; count: number }[] }>(`${processor.url}/v1/status`);
      const hasPoints = ingest.some(({ record, count }) => record === "point" && count > 0);
      return models[0]?.predictions === PREDICTIONS && models[0].outcomes === PREDICTIONS && hasPoints
        ? true
        : undefined;
    }).catch((error) => {
      throw new Error(collector.output(), { cause: error });
    });
    await collector[Symbol.asyncDispose]();
    await post(`${processor.url}/v1/replay`, { finish: true });

    const { measurements } = await get<{
      measurements: {
        target: { kind: string; name: string };
        attributes: Record<string, string>;
        count: number;
        state: string;
      }[];
    }>(`${processor.url}/v1/measurements?model=churn&signal=drift&metric=ml.drift.severity`);
    const windows = measurements.filter(({ attributes }) => attributes["ml.drift.reading"] === "window");
    const of = (name: string) => windows.filter(({ target }) => target.kind !== "outcome" && target.name === name);
    for (const name of ["age", "plan", "score"]) {
      assert.equal(
        of(name).reduce((sum, { count }) => sum + count, 0),
        PREDICTIONS,
        `${name}: ${JSON.stringify(measurements)}`,
      );
    }
    assert.ok(of("age").some(({ state }) => state === "critical"));
    assert.ok(of("plan").every(({ state }) => state !== "critical"));
    const known = await get<object>(`${processor.url}/v1/predictions/${first!.id}?model=churn`);
    assert.doesNotMatch(JSON.stringify(known), /"age"/);
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Asks the service about customers thirty years older than in training, and tells it what they did. */
async function serveOlderCustomers(folder: string, collectorUrl: string): Promise<{ id: string }[]> {
  await using service = startServer(pythonOf(EXAMPLE, "python-service"), [path.join(EXAMPLE, "service.py")], {
    cwd: folder,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl, PORT: "0" },
  });
  const url = await poll("the service listens", 60, async () => /listening on (\S+)/.exec(service.output())?.[1]).catch(
    (error) => {
      throw new Error(service.output(), { cause: error });
    },
  );
  const answers: { id: string }[] = [];
  for (let row = 0; row < PREDICTIONS; row++) {
    const answer = await post<{ id: string }>(`${url}/predict`, { age: ageOf(row) + 30, plan: planOf(row) });
    await post(`${url}/outcomes`, { id: answer.id, label: row % 2 === 0 ? "leaves" : "stays" });
    answers.push(answer);
  }
  return answers;
}
