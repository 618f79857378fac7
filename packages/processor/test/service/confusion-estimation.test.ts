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
const DAYS = 7;
const PER_DAY = 400;
const CLASSES = ["cancelled", "late", "on_time"];
const SCORES = ["accuracy", "balanced_accuracy", "f1_score", "kappa", "matthews", "precision", "recall"];
const random = seededUniform(5);

/** The score of the predicted class is how often it is right; on hard days the scores are low. */
function someFlights(day: number, isHard = false) {
  return Array.from({ length: PER_DAY }, (_, i) => {
    const predicted = Math.floor(random() * 3);
    const score = (random() < (isHard ? 0.9 : 0.3) ? 0.4 : 0.75) + 0.2 * random();
    const actual = random() < score ? predicted : (predicted + (random() < 0.75 ? 1 : 2)) % 3;
    return {
      id: `${day}-${i}`,
      timeMs: MONDAY_MS + day * DAY_MS + Math.floor((i * DAY_MS) / PER_DAY),
      distance: Math.floor(random() * 1000),
      score,
      label: CLASSES[predicted]!,
      outcome: CLASSES[actual]!,
    };
  });
}

type Flight = ReturnType<typeof someFlights>[number];

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-confusion-"));
  const path = join(folder, "reference.jsonl");
  const rows = Array.from({ length: 10 }, (_, day) => someFlights(day - 12)).flat();
  const lines = rows.map(({ timeMs, ...row }) => JSON.stringify({ ...row, time: new Date(timeMs).toISOString() }));
  writeFileSync(path, `${lines.join("\n")}\n`);
  profile = await buildProfile({
    path,
    model: { name: "flight-delay", version: "1", type: "classification" },
    time: "time",
    features: { distance: "numeric" },
    prediction: { score: "score", label: "label" },
    outcome: { label: "outcome" },
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

function record(eventName: string, { id, timeMs }: Flight, attributes: Record<string, string | number>): object {
  return {
    timeUnixNano: `${BigInt(timeMs) * 1_000_000n}`,
    eventName,
    attributes: Object.entries({ "ml.model.name": "flight-delay", "ml.inference.id": id, ...attributes }).map(
      ([key, value]) => ({ key, value: typeof value === "number" ? { doubleValue: value } : { stringValue: value } }),
    ),
  };
}

const predictionOf = (flight: Flight) =>
  record("ml.inference.details", flight, {
    "ml.model.version": "1",
    "ml.prediction.label": flight.label,
    "ml.prediction.score": flight.score,
  });
/** Known a day after, to the minute. */
const outcomeOf = (flight: Flight) =>
  record(
    "ml.outcome.reported",
    { ...flight, timeMs: flight.timeMs + DAY_MS },
    { "ml.outcome.kind": "class", "ml.outcome.label": flight.outcome },
  );

async function measurementsOf(processor: TestProcessor, source: string): Promise<Measurement[]> {
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  return measurements.filter(
    ({ attributes, target }) => attributes["ml.estimate.source"] === source && target.kind === "prediction",
  );
}

async function send(processor: TestProcessor, ...batches: (readonly object[])[]): Promise<void> {
  for (const records of batches) await processor.post("/v1/logs", logRequest(records));
  await processor.post("/v1/replay", '{"finish": true}');
}

test("a window of several classes has the scores of its confusion before its outcomes, as they come true", async (t) => {
  const days = Array.from({ length: DAYS }, (_, day) => someFlights(day, day === DAYS - 1));
  const outcomes = days.flat().map(outcomeOf);
  const processor = await startTestProcessor(t, { profile });
  await send(processor, days.flat().map(predictionOf), outcomes.slice(0, -PER_DAY));
  const said = (await measurementsOf(processor, "blend")).slice(-SCORES.length);
  assert.deepEqual(said.map(({ target }) => target.name).sort(), SCORES);
  const usual = profile.performance["ml.performance.f1_score"]!;
  const f1 = said.find(({ target }) => target.name === "f1_score")!;
  assert.ok(f1.upper! < usual, `${f1.upper} beside ${usual}: a hard day is told from its scores`);
  for (const { evidence, state } of said) {
    assert.match(evidence.note, /^Trusted: \d of the last \d/);
    assert.notEqual(state, "insufficient_data");
  }
  // The truth comes: what was said stands, and is held against it.
  await send(processor, outcomes.slice(-PER_DAY));
  const realized = await measurementsOf(processor, "realized");
  const after = (await measurementsOf(processor, "blend")).slice(-SCORES.length);
  let held = 0;
  for (const own of after) {
    const before = said.find(({ target }) => target.name === own.target.name)!;
    const truth = realized.filter(({ metric }) => metric === own.metric).at(-1)!.value!;
    assert.deepEqual([own.value, own.lower, own.upper], [before.value, before.lower, before.upper]);
    // A window is held against the first nine tenths of its outcomes.
    assert.ok(Math.abs(own.evidence.numbers["realized"]! - truth) < 0.03, `${own.target.name}: ${truth}`);
    if (own.lower! <= truth && truth <= own.upper!) held++;
  }
  assert.ok(held >= SCORES.length - 1, `${held} of ${SCORES.length} intervals held the truth`);
  await processor.close();
});

test("outcomes of several classes that come late, in any order and over a restart give the bits of those in time", async (t) => {
  const days = Array.from({ length: DAYS }, (_, day) => someFlights(day)).flat();
  const [predictions, outcomes] = [days.map(predictionOf), days.map(outcomeOf)];
  const bits = async (processor: TestProcessor) =>
    (await measurementsOf(processor, "blend")).map((found) => canonicalJson({ ...found, revision: 0 }));
  const inTime = await startTestProcessor(t, { profile });
  await send(inTime, outcomes, predictions);
  const want = await bits(inTime);
  assert.equal(want.length, DAYS * SCORES.length);
  await inTime.close();
  const first = await startTestProcessor(t, { profile });
  await send(first, predictions.toReversed());
  const second = await first.restart();
  await send(second, outcomes.toReversed());
  assert.deepEqual(await bits(second), want);
  await second.close();
});
