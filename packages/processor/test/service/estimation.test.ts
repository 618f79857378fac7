import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { canonicalJson, type Measurement, type Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import {
  HOUR_MS,
  logRequest,
  MONDAY_MS,
  outcomeRecord,
  predictionRecord,
  type TestPrediction,
} from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 10;
const FINISH = '{"finish": true}';

interface Flight extends TestPrediction {
  readonly outcome: string;
}

let seed = 7;
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

/** The score is the probability of being late; from day `changed` on, the opposite of what it says comes true more often. */
function someFlights(day: number, count: number, changed = Number.POSITIVE_INFINITY): Flight[] {
  return Array.from({ length: count }, (_, i) => {
    const score = Math.round(random() * 100) / 100;
    const chance = day >= changed ? 1 - score : score;
    return {
      id: `${day}-${i}`,
      timeMs: MONDAY_MS + day * DAY_MS + Math.floor((i * DAY_MS) / count),
      score,
      distance: Math.floor(random() * 1000),
      origin: random() < 0.5 ? "LAS" : "PHX",
      outcome: random() < chance ? "late" : "on_time",
    };
  });
}

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-estimation-"));
  const rows = Array.from({ length: 8 }, (_, day) => someFlights(day - 10, 350)).flat();
  const path = join(folder, "reference.jsonl");
  const lines = rows.map(({ timeMs, ...row }) =>
    JSON.stringify({ ...row, time: new Date(timeMs).toISOString(), label: row.score > 0.5 ? "late" : "on_time" }),
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
  profile = await buildProfile({
    path,
    model: { name: "flight-delay", version: "1", type: "classification" },
    time: "time",
    features: { distance: "numeric", origin: "categorical" },
    prediction: { score: "score", label: "label" },
    outcome: { label: "outcome" },
    positiveLabel: "late",
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

const flights = Array.from({ length: DAYS }, (_, day) => someFlights(day, 350)).flat();

function recordsOf(days: readonly Flight[]) {
  const predictions = days.map(predictionRecord);
  // Known two days after, to the minute.
  const outcomes = days.map(({ id, timeMs, outcome }) =>
    outcomeRecord({ id, timeMs: timeMs + 2 * DAY_MS, label: outcome }),
  );
  return { predictions, outcomes };
}

/** Estimates alone; the same pass also says why known scores changed. */
async function estimatesOf(processor: TestProcessor): Promise<Measurement[]> {
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  return measurements.filter(({ attributes }) => attributes["ml.estimate.source"] === "blend");
}

test("a profile of scored outcomes holds what estimation needs, and the same rows give the same profile", () => {
  const { estimation } = profile;
  assert.equal(estimation?.question, "positive");
  assert.equal(estimation?.sample.rows, 2_800);
  assert.deepEqual(Object.keys(estimation.sample.codes), ["distance", "origin"]);
});

test("windows whose outcomes are not known yet have an estimate with interval, source, record and assumption", async (t) => {
  const models = [
    {
      name: "flight-delay",
      profile: "profile.json",
      windows: ["24h"],
      performance: { estimates: ["blend", "cbpe"], value: { late: { late: 5, on_time: -2 }, on_time: { late: -9 } } },
    },
  ];
  const processor = await startTestProcessor(t, { profile, config: { models } });
  const { predictions, outcomes } = recordsOf(flights);
  await processor.post("/v1/logs", logRequest(predictions));
  await processor.post("/v1/logs", logRequest(outcomes.slice(0, 350 * (DAYS - 1))));
  await processor.post("/v1/replay", FINISH);
  const accuracy = (await estimatesOf(processor)).filter(({ target }) => target.name === "accuracy");
  assert.equal(accuracy.length, DAYS);
  const newest = accuracy.at(-1)!;
  assert.equal(newest.attributes["ml.estimate.source"], "blend");
  const day = flights.slice(-350);
  const real = day.filter(({ score, outcome }) => (score > 0.5 ? "late" : "on_time") === outcome).length / day.length;
  assert.ok(newest.lower! <= real && real <= newest.upper!, `${real} outside ${newest.lower} to ${newest.upper}`);
  assert.ok(newest.upper! - newest.lower! < 0.2, `${newest.lower} to ${newest.upper}`);
  assert.equal(newest.state, "ok");
  assert.match(newest.evidence.note, /^Trusted: \d of the last 8 intervals.*Assumes that the relation of outcome/);
  assert.equal(accuracy[0]!.state, null, "where the outcomes are known, the realised score decides");
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  const cbpe = measurements.filter(({ attributes }) => attributes["ml.estimate.source"] === "cbpe");
  assert.equal(cbpe.length, DAYS * 5);
  const named = cbpe.filter(({ target }) => target.name === "accuracy").at(-1)!;
  assert.ok(Math.abs(named.value! - newest.value!) < 0.03 && named.state === null, `${named.value} ${named.state}`);
  // Every other score that outcomes will give has an estimate too, the business value among them.
  const said = (await estimatesOf(processor)).slice(-15);
  const worth = day.reduce((sum, { score, outcome }) => {
    if (score > 0.5) return sum + (outcome === "late" ? 5 : -2);
    return sum + (outcome === "late" ? -9 : 0);
  }, 0);
  const positives = day.filter(({ outcome }) => outcome === "late").length;
  const hits = day.filter(({ score, outcome }) => score > 0.5 && outcome === "late").length;
  const positiveCalls = day.filter(({ score }) => score > 0.5).length;
  const [n, negatives] = [day.length, day.length - positives];
  const agreed = (positives * positiveCalls + negatives * (n - positiveCalls)) / n;
  const known = {
    business_value: worth / n,
    specificity: (negatives - positiveCalls + hits) / negatives,
    outcome_rate: positives / n,
    kappa: (real * n - agreed) / (n - agreed),
  };
  for (const [name, truth] of Object.entries(known)) {
    const own = said.find(({ target }) => target.name === name)!;
    const errors = Math.abs(own.value! - truth) / own.evidence.numbers["standardError"]!;
    assert.ok(errors < 3, `${name} ${truth} is ${errors} standard errors from ${own.value}`);
  }
  assert.equal(new Set(said.map(({ target }) => target.name)).size, 15);
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(metrics, /ml_performance_accuracy_ratio\{[^}]*ml_estimate_source="blend"/);
  await processor.close();
});

test("an estimate is a function of what is stored: outcomes that come late give the bits of those that came in time", async (t) => {
  const { predictions, outcomes } = recordsOf(flights);
  const results: string[][] = [];
  for (const late of [false, true]) {
    const processor = await startTestProcessor(t, { profile });
    if (!late) await processor.post("/v1/logs", logRequest(outcomes));
    await processor.post("/v1/logs", logRequest(predictions));
    await processor.post("/v1/replay", FINISH);
    if (late) {
      await processor.post("/v1/logs", logRequest(outcomes.toReversed()));
      await processor.post("/v1/replay", FINISH);
    }
    results.push((await estimatesOf(processor)).map((found) => canonicalJson({ ...found, revision: 0 })));
    await processor.close();
  }
  assert.equal(results[0]!.length, DAYS * 14);
  assert.deepEqual(results[1], results[0]);
});

test("matured outcomes that contradict the scores pull the estimate down, and an unproven one never pages", async (t) => {
  const processor = await startTestProcessor(t, { profile });
  const changed = Array.from({ length: DAYS }, (_, day) => someFlights(day, 350, 3)).flat();
  const { predictions, outcomes } = recordsOf(changed);
  await processor.post("/v1/logs", logRequest(outcomes.slice(0, 350 * (DAYS - 2))));
  await processor.post("/v1/logs", logRequest(predictions));
  await processor.post("/v1/replay", FINISH);
  const accuracy = (await estimatesOf(processor)).filter(({ target }) => target.name === "accuracy");
  assert.ok(accuracy[0]!.value! > 0.7, `${accuracy[0]!.value} before`);
  assert.ok(accuracy.at(-1)!.value! < 0.4, `${accuracy.at(-1)!.value} after`);
  for (const { state, evidence } of accuracy) {
    if (!evidence.note.startsWith("Trusted")) assert.notEqual(state, "critical", evidence.note);
  }
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  const partOf = (day: number, part: string) =>
    measurements.find(
      ({ attributes, window }) =>
        attributes["ml.performance.change.part"] === part && Date.parse(window.start) === MONDAY_MS + day * DAY_MS,
    )!;
  for (const part of ["covariate", "concept"])
    assert.ok(partOf(0, part).lower! < 0 && partOf(0, part).upper! > 0, `${part} before`);
  assert.ok(partOf(3, "concept").lower! > 0.1, `concept ${partOf(3, "concept").lower}`);
  assert.ok(Math.abs(partOf(3, "covariate").value!) < 0.02, `covariate ${partOf(3, "covariate").value}`);
  const sum = ["covariate", "concept", "not_comparable"].reduce((total, part) => total + partOf(3, part).value!, 0);
  assert.ok(Math.abs(sum - partOf(3, "total").value!) < 1e-12);
  const rises = measurements.filter(({ metric }) => metric === "ml.performance.error_rises").map(({ value }) => value);
  assert.equal(rises.length, DAYS - 2);
  assert.ok(rises[3]! >= 2, `${rises[3]} detectors on the first changed day`);
  assert.ok(rises[0]! + rises[1]! + rises[2]! <= 2, `${rises.slice(0, 3)} before`);
  await processor.close();
});

test("after a restart estimates go on from the record", async (t) => {
  const { predictions, outcomes } = recordsOf(flights);
  const first = await startTestProcessor(t, { profile });
  await first.post("/v1/logs", logRequest(outcomes));
  await first.post("/v1/logs", logRequest(predictions));
  await first.post("/v1/replay", FINISH);
  const before = await estimatesOf(first);
  const second = await first.restart();
  assert.deepEqual(await estimatesOf(second), before);
  const later = recordsOf(someFlights(DAYS, 350));
  await second.post("/v1/logs", logRequest(later.predictions));
  await second.post("/v1/replay", FINISH);
  const newest = (await estimatesOf(second)).filter(({ target }) => target.name === "accuracy").at(-1)!;
  assert.match(newest.evidence.note, /^Trusted/);
  assert.equal(newest.evidence.numbers["backTested"], 8);
  await second.close();
});
