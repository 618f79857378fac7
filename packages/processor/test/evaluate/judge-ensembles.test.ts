import assert from "node:assert/strict";
import { test } from "node:test";
import { seededUniform } from "@tidemark/stats";
import { createEnsembleJudge } from "../../src/evaluate/judge-ensembles.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements } from "../../src/store/measurements.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 8;
const A_DAY = 1_000;
const config = testConfig({
  models: [
    {
      name: KEY.model,
      profile: "profile.json",
      windows: ["24h"],
      outcomeHorizon: "2d",
      comparison: { minimumPairs: 100, minimumDuration: "1h" },
    },
  ],
}).models[0]!;
const model: MonitoredModel = { config, configId: "c", profile: testProfile(), features: new Set() };

/** One member sees the truth, the other is far off and has half of the weight. The outcomes of the second day never come. */
function requests() {
  const uniform = seededUniform(7);
  return Array.from({ length: DAYS * A_DAY }, (_, at) => {
    const good = uniform();
    const bad = uniform();
    const isLate = uniform() < good;
    const ms = MONDAY_MS + at * (DAY_MS / A_DAY);
    return {
      day: Math.floor(at / A_DAY),
      prediction: prediction(`r${at}`, ms, { score: (good + bad) / 2, memberAnswers: { good, bad } }),
      outcome: outcome(`r${at}`, ms + HOUR_MS, { label: isLate ? "late" : "on_time" }),
    };
  });
}

test("an ensemble's windows that waited for outcomes say the same in the end whether judged day by day, with restarts or at once", () =>
  withStore(async ({ store, write }) => {
    const all = requests();
    for (const version of ["stream", "restarts", "batch"]) {
      await write({ predictions: all.map((each) => ({ ...each.prediction, version })) });
    }
    await write({ outcomes: all.filter(({ day }) => day !== 1).map((each) => each.outcome) });
    const day = (version: string, number: number) => {
      const startMs = MONDAY_MS + number * DAY_MS;
      return { model, key: { ...KEY, version }, window: { name: "24h", startMs, endMs: startMs + DAY_MS } };
    };
    let nowMs = 1;
    const proposed: string[] = [];
    const create = () =>
      createEnsembleJudge({
        store: createEvaluationStore(store, () => ++nowMs),
        onEnsembleJudged: () => undefined,
        onReweighed: ({ version, window }) => void proposed.push(`${version} ${window.start}`),
      });
    const stream = create();
    for (let number = 0; number < DAYS; number++) {
      await stream([day("stream", number)]);
      await create()([day("restarts", number)]);
    }
    await create()(Array.from({ length: DAYS }, (_, number) => day("batch", number)));
    const said = async (version: string) =>
      (await readMeasurements(store, { tenant: KEY.tenant, model: KEY.model, version, signal: "ensemble" })).map(
        (measurement) => ({ ...measurement, version: "", revision: 0 }),
      );
    const batch = await said("batch");
    assert.equal(new Set(batch.map(({ window }) => window.start)).size, DAYS);
    assert.deepEqual(await said("stream"), batch);
    assert.deepEqual(await said("restarts"), batch);
    const [start] = proposed.filter((each) => each.startsWith("batch")).map((each) => each.slice("batch ".length));
    assert.ok(start !== undefined, "the weights are proved better");
    assert.deepEqual(proposed.toSorted(), [`batch ${start}`, `restarts ${start}`, `stream ${start}`], "each told once");
  }));
