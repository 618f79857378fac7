import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type ReferenceRisk } from "@tidemark/schema";
import { HarmFamily, harmFinding, type LossWindow, unjudgedHarmFinding } from "@tidemark/signals";
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
    return {
      startMs,
      endMs: startMs + DAY_MS,
      mean,
      meanSquare: mean,
      rows,
      effective: rows,
      maturity: 1,
      segments: [],
    };
  });
}

function judge(windows: readonly LossWindow[]) {
  const family = new HarmFamily(REFERENCE, config);
  return windows.map((window) => family.add(window, windows.at(-1)!.endMs)[0]!);
}

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
  const finding = harmFinding(judge(daysOf(1, 30, (day) => (day < 10 ? 0.2 : 0.4))).at(-1)!, "zero_one");
  assert.equal(finding.metric, "ml.performance.harm");
  assert.deepEqual(finding.target, { kind: "prediction", name: "harmful_shift" });
  assert.ok(finding.lower! > finding.threshold! && finding.threshold! > 0.22 && finding.threshold! < 0.24);
  assert.match(finding.evidence.note, /zero_one loss since 2001-01-\d\d.*more than the tolerance is proved/);
});

/** Airports of the reference: one in ten rows each of a, b and c; the rest is told of no airport. */
const AIRPORTS: ReferenceRisk = {
  ...REFERENCE,
  rows: 200_000,
  segments: (
    [
      ["a", 0.1],
      ["b", 0.2],
      ["c", 0.3],
    ] as const
  ).map(([value, mean]) => ({
    ...{ name: "airport", value, mean, meanSquare: mean },
    ...{ rows: 20_000, rowsPerIndependent: 1 },
  })),
};
const airportConfig = { ...config, segments: ["airport", "airline"] };

/** Days of a whole that stays as it is, with the risks of its airports. */
function airportDays(seed: number, days: number, risks: (day: number) => Readonly<Record<string, number>>) {
  const random = createRandom(seed);
  return daysOf(seed, days, () => 0.2, 4_000).map((whole, day): LossWindow => {
    const segments = Object.entries(risks(day)).map(([value, risk]) => {
      const mean =
        Array.from({ length: 400 }, () => (random() < risk ? 1 : 0)).reduce<number>((a, b) => a + b, 0) / 400;
      return { name: "airport", value, mean, meanSquare: mean, rows: 400, effective: 400 };
    });
    return { ...whole, segments };
  });
}

function judgeAirports(windows: readonly LossWindow[]) {
  const family = new HarmFamily(AIRPORTS, airportConfig);
  return windows.map((window) => family.add(window, windows.at(-1)!.endMs));
}

const statesOf = (verdicts: ReturnType<HarmFamily["add"]>) =>
  Object.fromEntries(verdicts.map(({ segment, state }) => [segment?.value ?? "whole", state]));

test("one segment that is harmed is named while the whole and the others stay as they were", () => {
  const judged = judgeAirports(airportDays(7, 60, (day) => ({ a: day < 20 ? 0.1 : 0.25, b: 0.2, c: 0.3 })));
  assert.deepEqual(statesOf(judged[15]!), { whole: "ok", a: "ok", b: "ok", c: "ok" });
  assert.deepEqual(statesOf(judged.at(-1)!), { whole: "ok", a: "critical", b: "ok", c: "ok" });
});

test("a value that the reference lacks is held against the hardest that it has, once it has a hundred rows", () => {
  const easy = airportDays(8, 60, (day) => (day < 20 ? {} : { new: 0.28 }));
  assert.deepEqual(statesOf(judgeAirports(easy).at(-1)!), { whole: "ok", new: "ok" });
  const hard = judgeAirports(airportDays(9, 60, (day) => (day < 20 ? {} : { new: 0.5 }))).at(-1)!;
  assert.deepEqual(statesOf(hard), { whole: "ok", new: "critical" });
  assert.deepEqual(hard[1]!.against, { hardest: "c" });
  assert.match(
    harmFinding(hard[1]!, "zero_one").evidence.note,
    /Not in the reference: held against c, the airport that/,
  );
  const few = easy.map((day) => ({
    ...day,
    segments: day.segments.map((each) => ({ ...each, rows: 2, effective: 2 })),
  }));
  assert.deepEqual(statesOf(judgeAirports(few).at(-1)!), { whole: "ok" }, "eighty rows in all");
});

test("the verdicts of a model share one error: no more than twenty late values are judged, and the levels add up", () => {
  const names = Array.from({ length: 30 }, (_, index) => `new ${index}`);
  const risks = { a: 0.1, b: 0.2, c: 0.3, ...Object.fromEntries(names.map((name) => [name, 0.2])) };
  const verdicts = judgeAirports(airportDays(10, 2, () => risks)).at(-1)!;
  assert.equal(verdicts.length, 1 + 3 + 20);
  const spent = verdicts.reduce((sum, { alpha }) => sum + alpha, 0);
  assert.ok(spent <= 0.05 && spent > 0.0495, `${spent}`);
});

test("a segment of which the reference knows nothing is said not to be judged, and a reference too small to be passed too", () => {
  const family = new HarmFamily(AIRPORTS, airportConfig);
  assert.deepEqual(family.unjudged, ["airline"]);
  const finding = unjudgedHarmFinding("airline");
  assert.deepEqual([finding.state, finding.target.name], ["insufficient_data", "harmful_shift airline"]);
  assert.match(finding.evidence.note, /tidemark profile --segments airline/);
  const vain = new HarmFamily({ ...REFERENCE, rows: 10 }, config);
  const last = daysOf(11, 30, () => 0.9)
    .map((day) => vain.add(day, day.endMs)[0]!)
    .at(-1)!;
  assert.equal(last.state, "insufficient_data");
  assert.match(harmFinding(last, "zero_one").evidence.note, /too few independent rows/);
});

test("a family that is cloned goes on as the one that it was cloned from", () => {
  const days = airportDays(12, 90, (day) => ({ a: 0.1 + day / 300, b: 0.2, ...(day > 30 ? { new: 0.4 } : {}) }));
  const whole = judgeAirports(days);
  const family = new HarmFamily(AIRPORTS, airportConfig);
  const end = days.at(-1)!.endMs;
  for (const day of days.slice(0, 40)) family.add(day, end);
  const copy = family.clone();
  for (const day of days.slice(40).toReversed()) family.add(day, end);
  assert.deepEqual(
    days.slice(40).map((day) => copy.add(day, end)),
    whole.slice(40),
  );
});
