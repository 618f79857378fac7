import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type ReferenceRisk } from "@tidemark/schema";
import { harmFinding, harmWindows, type LossWindow } from "@tidemark/signals";
import { createRandom } from "../support/random.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2001, 0, 1);
const config = modelConfigSchema.parse({ name: "m", profile: "p.json", outcomeHorizon: "30d" });
const REFERENCE: ReferenceRisk = {
  loss: "zero_one",
  cap: 1,
  rows: 20_000,
  mean: 0.2,
  meanSquare: 0.2,
  rowsPerIndependent: 1,
};

/** Days of wrong (1) and right (0) labels, by the risk of each. */
function daysOf(seed: number, days: number, riskOf: (day: number) => number, rows = 400): LossWindow[] {
  const random = createRandom(seed);
  return Array.from({ length: days }, (_, day) => {
    let wrong = 0;
    for (let row = 0; row < rows; row++) if (random() < riskOf(day)) wrong += 1;
    const startMs = START_MS + day * DAY_MS;
    const mean = wrong / rows;
    return { startMs, endMs: startMs + DAY_MS, mean, meanSquare: mean, rows, effective: rows, maturity: 1 };
  });
}

const judge = (windows: readonly LossWindow[], reference = REFERENCE) =>
  harmWindows(windows, reference, config, windows.at(-1)!.endMs);

test("a risk ten points higher is proved within days, one within the tolerance never", () => {
  const harmed = judge(daysOf(1, 30, (day) => (day < 10 ? 0.2 : 0.4)));
  assert.ok(harmed.slice(0, 9).every(({ state, risk }) => state === "insufficient_data" && risk === null));
  assert.equal(harmed[9]!.state, "ok");
  assert.equal(harmed.at(-1)!.state, "critical");
  const tolerated = judge(daysOf(2, 120, () => 0.215));
  assert.ok(tolerated.every(({ state }) => state !== "critical"));
});

test("no alarm in a hundred half years without harm, looked at every day", () => {
  for (let run = 0; run < 100; run++) {
    const states = judge(daysOf(100 + run, 180, () => 0.2, 60)).map(({ state }) => state);
    assert.ok(
      states.every((state) => state === "ok" || state === "insufficient_data"),
      `run ${run}`,
    );
  }
});

test("a risk that creeps is found by a sequence that began late", () => {
  const states = judge(daysOf(3, 180, (day) => 0.16 + (0.14 * day) / 180));
  const { state, risk } = states.at(-1)!;
  assert.equal(state, "critical");
  assert.ok(risk!.sinceMs > START_MS + 28 * DAY_MS);
});

test("days that share their luck prove less than their rows would", () => {
  const wave = (day: number) => (day % 2 === 0 ? 0.1 : 0.5);
  const naive = judge(daysOf(4, 20, () => 0.3)).at(-1)!;
  const honest = judge(daysOf(4, 20, wave)).at(-1)!;
  assert.equal(naive.state, "critical");
  assert.equal(honest.state, "ok");
  assert.ok(honest.effective < naive.effective / 10);
});

test("windows wait for outcomes and for each other, until the horizon has passed", () => {
  const days = daysOf(5, 40, () => 0.4);
  const late = days.map((day, i) => (i === 5 ? { ...day, mean: null, maturity: 0, rows: 0, effective: 0 } : day));
  const waiting = judge(late.slice(0, 20));
  assert.deepEqual(
    waiting.map(({ isMature }) => isMature),
    waiting.map((_, i) => i < 5),
  );
  assert.equal(waiting.at(-1)!.rows, waiting[4]!.rows);
  assert.equal(judge(late).at(-1)!.rows, (39 - 9) * 400, "thirty days on nobody waits for the fifth any more");
  assert.deepEqual(judge(days).slice(0, 5), judge(late).slice(0, 5));
});

test("the finding says what was proved, since when, and against which line", () => {
  const finding = harmFinding(judge(daysOf(1, 30, (day) => (day < 10 ? 0.2 : 0.4))).at(-1)!, REFERENCE);
  assert.equal(finding.metric, "ml.performance.harm");
  assert.deepEqual(finding.target, { kind: "prediction", name: "harmful_shift" });
  assert.ok(finding.lower! > finding.threshold! && finding.threshold! > 0.22 && finding.threshold! < 0.24);
  assert.match(finding.evidence.note, /zero_one loss since 2001-01-\d\d.*more than the tolerance is proved/);
});
