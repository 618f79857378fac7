// examples/fastify-onnxruntime as its README runs it: the service is started with --import register, gets its profile
// from the processor, and is judged by what it sends.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { poll } from "./tools/poll.ts";
import { startServer } from "./tools/server-process.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const EXAMPLE = path.join(ROOT, "examples/fastify-onnxruntime");
const PREDICTIONS = 400;
const START = ["--import", "./telemetry.mjs", "--import", "@tidemark/instrumentation/register", "service.mjs"];

interface Answer {
  readonly id: string;
  readonly granted: boolean;
  readonly probability: number;
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, url);
  return (await answer.json()) as T;
}

const get = async <T>(url: string) => (await (await fetch(url)).json()) as T;

test("a Fastify service with an ONNX model is watched by --import register, with the processor's own profile", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-fastify-"));
  const readme =
    "training.csv --model credit --type classification --numeric age,income,debts --score score --label label";
  const rest = ["--outcome", "ending", "--positive", "repaid", "-o", path.join(folder, "credit.profile.json")];
  const cli = ["--conditions=tidemark-source", path.join(ROOT, "packages/cli/src/main.ts"), "profile"];
  execFileSync(process.execPath, [...cli, ...readme.split(" "), ...rest], { cwd: EXAMPLE, stdio: "ignore" });
  const processor = await startProcessor({
    config: configSchema.parse({
      server: { port: 0 },
      store: { path: "data" },
      clock: { mode: "replay" },
      models: [{ name: "credit", profile: "credit.profile.json", windows: ["24h"] }],
    }),
    directory: folder,
    logger: pino({ level: "silent" }),
  });
  try {
    const answers = await serveOlderApplicants(folder, processor.url);
    await post(`${processor.url}/v1/replay`, { finish: true });

    const { models } = await get<{ models: { version: string; predictions: number; outcomes: number }[] }>(
      `${processor.url}/v1/models`,
    );
    assert.deepEqual(
      models.map(({ version, predictions, outcomes }) => ({ version, predictions, outcomes })),
      [{ version: "3", predictions: PREDICTIONS, outcomes: PREDICTIONS }],
    );
    const { measurements } = await get<{
      measurements: { target: { name: string }; attributes: Record<string, string>; count: number; state: string }[];
    }>(`${processor.url}/v1/measurements?model=credit&signal=drift&metric=ml.drift.severity`);
    const windows = measurements.filter(({ attributes }) => attributes["ml.drift.reading"] === "window");
    const of = (name: string) => windows.filter(({ target }) => target.name === name);
    // No event carries an input: what is known of features came as histogram points. What was discovered before the
    // profile came is not among them.
    for (const name of ["age", "income", "debts"]) {
      const counted = of(name).reduce((sum, { count }) => sum + count, 0);
      assert.ok(counted > 0.75 * PREDICTIONS && counted <= PREDICTIONS, JSON.stringify(measurements));
    }
    assert.deepEqual(await readdir(path.join(folder, "cache")), ["credit.profile.json"]);
    assert.ok(
      of("age").some(({ state }) => state === "critical"),
      JSON.stringify(of("age")),
    );
    assert.ok(of("income").every(({ state }) => state !== "critical"));

    const joined = await get<{ predictions: { prediction?: object }[] }>(
      `${processor.url}/v1/predictions/${answers[0]!.id}?model=credit`,
    );
    assert.match(JSON.stringify(joined), /repaid/);
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Asks the service about applicants thirty years older than in training, and tells it how their loans ended. */
async function serveOlderApplicants(folder: string, processorUrl: string): Promise<Answer[]> {
  await using service = startServer(process.execPath, START, {
    cwd: EXAMPLE,
    env: {
      PORT: "0",
      TIDEMARK_CONFIG: "instrumentation.yaml",
      TIDEMARK_PROCESSOR_URL: processorUrl,
      TIDEMARK_PROFILE_CACHE: path.join(folder, "cache"),
      OTEL_EXPORTER_OTLP_ENDPOINT: processorUrl,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_SERVICE_NAME: "credit",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
      OTEL_BLRP_SCHEDULE_DELAY: "200",
    },
  });
  const url = await poll("the service listens", 60, async () => /listening on (\S+)/.exec(service.output())?.[1]).catch(
    (error) => {
      throw new Error(service.output(), { cause: error });
    },
  );
  const answers: Answer[] = [];
  const rows = (await readFile(path.join(EXAMPLE, "training.csv"), "utf8")).trim().split("\n").slice(1);
  for (const row of rows.slice(0, PREDICTIONS)) {
    const [age, income, debts] = row.split(",").map(Number);
    const answer = await post<Answer>(`${url}/applications`, { age: age! + 30, income, debts });
    await post(`${url}/applications/${answer.id}/ending`, { repaid: row.endsWith("repaid") });
    answers.push(answer);
  }
  const arrived = async () => {
    const { models } = await get<{ models: { predictions: number; outcomes: number }[] }>(`${processorUrl}/v1/models`);
    const [model] = models;
    return model?.predictions === PREDICTIONS && model.outcomes === PREDICTIONS ? true : undefined;
  };
  await poll("all events have arrived", 30, arrived).catch((error) => {
    throw new Error(service.output(), { cause: error });
  });
  // Told to end, it sends the last metrics.
  const points = async () =>
    (await get<{ ingest: { record: string; count: number }[] }>(`${processorUrl}/v1/status`)).ingest.find(
      ({ record }) => record === "point",
    )?.count;
  const before = await points();
  await service[Symbol.asyncDispose]();
  await poll("the last metrics have arrived", 30, async () => ((await points()) === before ? undefined : true));
  return answers;
}
