import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import type { StoredEnsemble } from "../../src/index.ts";
import { HOUR_MS, logRequest, MONDAY_MS, outcomeRecord, predictionRecord } from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const DAYS = 6;
const A_DAY = 1_000;
const CONFIG = {
  models: [
    {
      name: "flight-delay",
      profile: "profile.json",
      windows: ["24h"],
      comparison: { minimumDuration: "1d", minimumPairs: 500 },
    },
  ],
};

/** Three members: two see the truth through noise, the third is noise and has half of the weight. */
function records(version = "1") {
  let state = 99;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const predictions: object[] = [];
  const outcomes: object[] = [];
  for (let index = 0; index < DAYS * A_DAY; index++) {
    const timeMs = MONDAY_MS + Math.floor((index * 24 * HOUR_MS) / A_DAY);
    const chance = uniform();
    const [trees, linear, old] = [0.8 * chance + 0.2 * uniform(), 0.8 * chance + 0.2 * uniform(), uniform()];
    const answers = index % 50 === 7 ? { linear, old } : { trees, linear, old };
    const id = `${version}-${index}`;
    const score = 0.25 * trees + 0.25 * linear + 0.5 * old;
    predictions.push(predictionRecord({ id, timeMs, score, version, answers }));
    outcomes.push(outcomeRecord({ id, timeMs: timeMs + HOUR_MS, label: uniform() < chance ? "late" : "on_time" }));
  }
  return { predictions, outcomes };
}

const MEASURED = "/v1/measurements?signal=ensemble";
const finish = (processor: TestProcessor) => processor.post("/v1/replay", '{"finish": true}');
const comparable = (rows: readonly Measurement[]) =>
  rows.map((row) => JSON.stringify({ ...row, revision: 0 })).toSorted();

test("an ensemble's members, their worth and a proposal of weights come from its own events and late outcomes", async (t) => {
  const { predictions, outcomes } = records();
  const processor = await startTestProcessor(t, { config: CONFIG });
  assert.equal((await processor.post("/v1/logs", logRequest(predictions))).status, 200);
  await finish(processor);
  const early = await processor.json<{ ensembles: StoredEnsemble[] }>("/v1/ensembles?model=flight-delay");
  assert.equal(early.ensembles[0]!.proposal!.isProved, false);
  assert.equal(early.ensembles[0]!.scores.loss!.value, null);

  await processor.post("/v1/logs", logRequest(outcomes));
  await finish(processor);
  const { ensembles } = await processor.json<{ ensembles: StoredEnsemble[] }>("/v1/ensembles?model=flight-delay");
  assert.equal(ensembles.length, 1);
  const [found] = ensembles;
  assert.equal(found!.windowName, "24h");
  assert.equal(found!.outcomes, A_DAY - A_DAY / 50);
  const [linear, old, trees] = found!.members;
  assert.deepEqual([linear!.name, old!.name, trees!.name], ["linear", "old", "trees"]);
  assert.deepEqual([linear!.answered, trees!.answered], [1, 0.98]);
  for (const [member, weight] of [
    [linear, 0.25],
    [old, 0.5],
    [trees, 0.25],
  ] as const) {
    assert.ok(Math.abs(member!.weightInUse! - weight) < 1e-6, `${member!.name} ${member!.weightInUse}`);
  }
  assert.ok(old!.benefit!.upper! < 0, "the ensemble is proved better without the member that only guesses");
  assert.ok(trees!.benefit!.value! > 0);
  assert.ok(old!.weightProposed! < 0.1);
  assert.equal(found!.proposal!.isProved, true);
  assert.ok(found!.proposal!.lower! > 0);
  assert.match(
    found!.proposal!.note,
    /proved better on \d+ outcomes .* not fitted to .*A proposal: nothing is applied/,
  );
  assert.ok(found!.disagreement!.pairs["old | trees"]! > found!.disagreement!.pairs["linear | trees"]!);
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(
    metrics,
    /^ml_ensemble_member_weight_ratio\{[^}]*ml_ensemble_member="old"[^}]*ml_ensemble_weight_kind="in_use"/m,
  );
  assert.match(metrics, /^ml_ensemble_proposal_status_ratio\{[^}]*\} 1$/m);

  const { measurements } = await processor.json<{ measurements: Measurement[] }>(MEASURED);
  await processor.close();
  const again = await startTestProcessor(t, { config: CONFIG });
  for (let from = outcomes.length; from > 0; from -= 3_000) {
    await again.post("/v1/logs", logRequest(outcomes.slice(Math.max(0, from - 3_000), from)));
    await again.post("/v1/logs", logRequest(predictions.slice(Math.max(0, from - 3_000), from).toReversed()));
  }
  const restarted = await again.restart();
  await finish(restarted);
  const other = await restarted.json<{ measurements: Measurement[] }>(MEASURED);
  assert.deepEqual(comparable(other.measurements), comparable(measurements), "in any order, to the bit");
});
