// A service that knows nothing of Tidemark but its names on the wire: Python, the stock OpenTelemetry SDK, plain OTLP.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { buildProfile, startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { poll } from "./tools/poll.ts";
import { pythonOf } from "./tools/python-tool.ts";
import { startServer } from "./tools/server-process.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../../examples/python");
const REFERENCE_ROWS = 4_000;
const PREDICTIONS = 400;

/** Ages between 20 and 79, evenly and in a fixed order. */
const referenceAge = (row: number) => 20 + ((row * 37) % 60);
const planOf = (row: number) => (row % 3 === 0 ? "a" : "b");

interface Answer {
  id: string;
  score: number;
  label: string;
}

async function writeProfile(folder: string): Promise<void> {
  const rows = Array.from(
    { length: REFERENCE_ROWS },
    (_, row) => `${referenceAge(row)},${planOf(row)},${(row % 100) / 100}`,
  );
  const file = path.join(folder, "train.csv");
  await writeFile(file, `age,plan,score\n${rows.join("\n")}\n`);
  const profile = await buildProfile({
    path: file,
    model: { name: "churn", version: "1", type: "classification" },
    positiveLabel: "leaves",
    features: { age: "numeric", plan: "categorical" },
    prediction: { score: "score" },
  });
  await writeFile(path.join(folder, "profile.json"), JSON.stringify(profile));
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200, url);
  return (await answer.json()) as T;
}

const get = async <T>(url: string) => (await (await fetch(url)).json()) as T;

test("a Python service on the stock SDK is profiled, its drift judged and its outcomes joined", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-python-"));
  await writeProfile(folder);
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
    const answers = await serveDriftedCustomers(folder, processor.url);
    await post(`${processor.url}/v1/replay`, { finish: true });

    const { models } = await get<{ models: { predictions: number; outcomes: number }[] }>(`${processor.url}/v1/models`);
    assert.equal(models.length, 1);
    assert.equal(models[0]!.predictions, PREDICTIONS);
    assert.equal(models[0]!.outcomes, PREDICTIONS);

    const { measurements } = await get<{
      measurements: { target: { name: string }; attributes: Record<string, string>; count: number; state: string }[];
    }>(`${processor.url}/v1/measurements?model=churn&signal=drift&metric=ml.drift.severity`);
    const windows = measurements.filter(({ attributes }) => attributes["ml.drift.reading"] === "window");
    const of = (name: string) => windows.filter(({ target }) => target.name === name);
    const total = (name: string) => of(name).reduce((sum, { count }) => sum + count, 0);
    // No event carries an input, so whatever is known of age and plan came as histogram and counter points.
    assert.deepEqual([total("age"), total("plan")], [PREDICTIONS, PREDICTIONS], JSON.stringify(measurements));
    assert.ok(of("age").some(({ state }) => state === "critical"));
    assert.ok(of("plan").every(({ state }) => state !== "critical"));

    const joined = await get<Record<string, unknown>>(`${processor.url}/v1/predictions/${answers[0]!.id}?model=churn`);
    assert.ok(JSON.stringify(joined).includes(answers[0]!.label), JSON.stringify(joined));

    const { ensembles } = await get<{ ensembles: { members: { name: string; weightInUse: number }[] }[] }>(
      `${processor.url}/v1/ensembles?model=churn`,
    );
    const weights = ensembles.at(-1)!.members.map(({ name, weightInUse }) => [name, weightInUse.toFixed(3)]);
    assert.deepEqual(weights, [
      ["by_age", "0.800"],
      ["by_plan", "0.200"],
    ]);
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Asks the Python service about customers thirty years older than in training, and tells it what they did. */
async function serveDriftedCustomers(folder: string, processorUrl: string): Promise<Answer[]> {
  await using service = startServer(pythonOf(EXAMPLE, "python-service"), [path.join(EXAMPLE, "service.py")], {
    cwd: folder,
    env: { PROFILE: "profile.json", OTEL_EXPORTER_OTLP_ENDPOINT: processorUrl, PORT: "0" },
  });
  const url = await poll(
    "the Python service listens",
    60,
    async () => /listening on (\S+)/.exec(service.output())?.[1],
  ).catch((error) => {
    throw new Error(service.output(), { cause: error });
  });
  const answers: Answer[] = [];
  for (let row = 0; row < PREDICTIONS; row++) {
    const answer = await post<Answer>(`${url}/predict`, { age: referenceAge(row) + 30, plan: planOf(row) });
    await post(`${url}/outcomes`, { id: answer.id, label: row % 2 === 0 ? "leaves" : "stays" });
    answers.push(answer);
  }
  return answers;
}
