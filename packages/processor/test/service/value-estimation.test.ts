import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { canonicalJson, type Measurement, type Profile } from "@tidemark/schema";
import { seededUniform } from "@tidemark/stats";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 9;
const PER_DAY = 320;
const FINISH = '{"finish": true}';
const random = seededUniform(12);

interface Flight {
  readonly id: string;
  readonly timeMs: number;
  readonly distance: number;
  readonly origin: string;
  /** Predicted and true minutes of delay. */
  readonly minutes: number;
  readonly outcome: number;
}

/** Errors grow with the distance, to both sides alike; from day `far` on flights are long, from `changed` on a bias comes in. */
function someFlights(day: number, { far = Infinity, changed = Infinity } = {}): Flight[] {
  return Array.from({ length: PER_DAY }, (_, i) => {
    const distance = Math.floor((day >= far ? 700 : 0) + random() * (day >= far ? 300 : 1000));
    const minutes = Math.round(distance / 10 + 20 * random());
    const error = (random() + random() - 1) * (5 + distance / 20) + (day >= changed ? 40 : 0);
    return {
      id: `${day}-${i}`,
      timeMs: MONDAY_MS + day * DAY_MS + Math.floor((i * DAY_MS) / PER_DAY),
      distance,
      origin: random() < 0.5 ? "LAS" : "PHX",
      minutes,
      outcome: minutes - error,
    };
  });
}

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-values-"));
  const rows = Array.from({ length: 10 }, (_, day) => someFlights(day - 12)).flat();
  const path = join(folder, "reference.jsonl");
  const lines = rows.map(({ timeMs, ...row }) => JSON.stringify({ ...row, time: new Date(timeMs).toISOString() }));
  writeFileSync(path, `${lines.join("\n")}\n`);
  profile = await buildProfile({
    path,
    model: { name: "flight-delay", version: "1", type: "regression" },
    time: "time",
    features: { distance: "numeric", origin: "categorical" },
    prediction: { value: "minutes" },
    outcome: { value: "outcome" },
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

function predictionRecord({ id, timeMs, distance, origin, minutes }: Flight, inputs = true): object {
  const values = [
    { key: "distance", value: { doubleValue: distance } },
    { key: "origin", value: { stringValue: origin } },
  ];
  return {
    timeUnixNano: `${BigInt(timeMs) * 1_000_000n}`,
    eventName: "ml.inference.details",
    attributes: [
      { key: "ml.model.name", value: { stringValue: "flight-delay" } },
      { key: "ml.model.version", value: { stringValue: "1" } },
      { key: "ml.inference.id", value: { stringValue: id } },
      { key: "ml.prediction.value", value: { doubleValue: minutes } },
      ...(inputs ? [{ key: "ml.inference.inputs", value: { kvlistValue: { values } } }] : []),
    ],
  };
}

/** Known two days after, to the minute. */
function outcomeRecord({ id, timeMs, outcome }: Flight): object {
  return {
    timeUnixNano: `${BigInt(timeMs + 2 * DAY_MS) * 1_000_000n}`,
    eventName: "ml.outcome.reported",
    attributes: [
      { key: "ml.model.name", value: { stringValue: "flight-delay" } },
      { key: "ml.inference.id", value: { stringValue: id } },
      { key: "ml.outcome.kind", value: { stringValue: "value" } },
      { key: "ml.outcome.value", value: { doubleValue: outcome } },
    ],
  };
}

async function send(processor: TestProcessor, records: readonly object[]): Promise<void> {
  const response = await processor.post("/v1/logs", logRequest(records));
  assert.deepEqual(await response.json(), {});
}

async function measurementsOf(processor: TestProcessor): Promise<Measurement[]> {
  return (await processor.json<{ measurements: Measurement[] }>("/v1/measurements")).measurements;
}

async function estimatesOf(processor: TestProcessor, name?: string): Promise<Measurement[]> {
  return (await measurementsOf(processor)).filter(
    ({ attributes, target }) =>
      attributes["ml.estimate.source"] === "blend" && (name === undefined || target.name === name),
  );
}

const maeOf = (flights: readonly Flight[]) =>
  flights.reduce((sum, { minutes, outcome }) => sum + Math.abs(minutes - outcome), 0) / flights.length;

test("a window of quantities has estimated errors with interval, source, record and assumption before its outcomes", async (t) => {
  const flights = Array.from({ length: DAYS }, (_, day) => someFlights(day, { far: DAYS - 1 }));
  const processor = await startTestProcessor(t, { profile });
  await send(
    processor,
    flights.flat().map((flight) => predictionRecord(flight)),
  );
  await send(processor, flights.slice(0, -1).flat().map(outcomeRecord));
  await processor.post("/v1/replay", FINISH);
  const found = await estimatesOf(processor, "mae");
  assert.equal(found.length, DAYS);
  const newest = found.at(-1)!;
  // Long flights err more: the estimate knows it without an outcome.
  const real = maeOf(flights.at(-1)!);
  const usual = profile.performance["ml.performance.mae"]!;
  assert.ok(real > 1.4 * usual, `${real} beside ${usual}`);
  assert.ok(newest.lower! <= real && real <= newest.upper!, `${real} outside ${newest.lower} to ${newest.upper}`);
  assert.ok(Math.abs(newest.value! - real) < 0.1 * real, `${newest.value} for ${real}`);
  assert.match(newest.evidence.note, /^Trusted: \d of the last \d intervals.*Assumes that the relation of outcome/);
  assert.equal(newest.state, "critical", "trusted, and the whole interval is beyond the line");
  assert.equal(found[0]!.state, null, "where the outcomes are known, the realised score decides");
  const names = new Set((await estimatesOf(processor)).map(({ target }) => target.name));
  assert.deepEqual([...names].sort(), ["bias", "mae", "mse", "rmse"]);
  const realized = (await measurementsOf(processor)).filter(
    ({ attributes, metric }) => attributes["ml.estimate.source"] === "realized" && metric === "ml.performance.mse",
  );
  assert.equal(realized.length, DAYS - 1);
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(metrics, /ml_performance_mae\{[^}]*ml_estimate_source="blend"/);
  await processor.close();
});

test("in any order, late and over a restart, estimates of quantities have the bits of those in time", async (t) => {
  const flights = Array.from({ length: DAYS }, (_, day) => someFlights(day)).flat();
  const predictions = flights.map((flight) => predictionRecord(flight));
  const outcomes = flights.map(outcomeRecord);
  const bits = (found: readonly Measurement[]) => found.map((each) => canonicalJson({ ...each, revision: 0 }));
  const inTime = await startTestProcessor(t, { profile });
  await send(inTime, outcomes);
  await send(inTime, predictions);
  await inTime.post("/v1/replay", FINISH);
  const want = bits(await estimatesOf(inTime));
  assert.equal(want.length, DAYS * 4);
  await inTime.close();

  const first = await startTestProcessor(t, { profile });
  await send(first, predictions.toReversed());
  await first.post("/v1/replay", FINISH);
  const without = bits(await estimatesOf(first));
  assert.notDeepEqual(without, want);
  const second = await first.restart();
  await send(second, outcomes.toReversed());
  await second.post("/v1/replay", FINISH);
  assert.deepEqual(bits(await estimatesOf(second)), want);
  await second.close();
});

test("a changed relation is told once outcomes mature, loses the trust, and an estimate that is not trusted never pages", async (t) => {
  const flights = Array.from({ length: DAYS + 2 }, (_, day) => someFlights(day, { changed: 3, far: DAYS + 1 }));
  const processor = await startTestProcessor(t, { profile });
  await send(
    processor,
    flights.flat().map((flight) => predictionRecord(flight)),
  );
  await send(processor, flights.slice(0, -1).flat().map(outcomeRecord));
  await processor.post("/v1/replay", FINISH);
  const mae = await estimatesOf(processor, "mae");
  const newest = mae.at(-1)!;
  assert.match(newest.evidence.note, /^Not trusted/);
  assert.notEqual(newest.state, "critical");
  assert.ok(
    newest.upper! - newest.lower! > 2 * (mae[0]!.upper! - mae[0]!.lower!),
    "its interval is widened by its errors",
  );
  const all = await measurementsOf(processor);
  const partOf = (day: number, part: string) =>
    all.find(
      ({ attributes, window }) =>
        attributes["ml.performance.change.part"] === part && Date.parse(window.start) === MONDAY_MS + day * DAY_MS,
    )!;
  assert.ok(Math.abs(partOf(0, "concept").value!) < 3, `${partOf(0, "concept").value} before`);
  assert.ok(partOf(4, "concept").lower! > 5, `${partOf(4, "concept").lower} after`);
  assert.ok(Math.abs(partOf(4, "covariate").value!) < 2, `${partOf(4, "covariate").value}`);
  const rises = all.filter(({ metric }) => metric === "ml.performance.error_rises");
  assert.ok(rises[3]!.value! >= 2, `${rises[3]!.value} detectors on the first changed day`);
  assert.match(rises[3]!.evidence.note, /share of large errors/);
  await processor.close();
});

test("records without inputs are estimated from the prediction alone", async (t) => {
  const flights = Array.from({ length: 2 }, (_, day) => someFlights(day)).flat();
  const processor = await startTestProcessor(t, { profile });
  await send(
    processor,
    flights.map((flight) => predictionRecord(flight, false)),
  );
  await processor.post("/v1/replay", FINISH);
  const newest = (await estimatesOf(processor, "mae")).at(-1)!;
  const real = maeOf(flights.slice(PER_DAY));
  assert.ok(newest.lower! <= real && real <= newest.upper!, `${real} outside ${newest.lower} to ${newest.upper}`);
  await processor.close();
});
