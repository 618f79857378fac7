import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import { aggregateWindow } from "../../src/aggregate/aggregate-window.ts";
import type { IngestBatch } from "../../src/store/writer.ts";
import {
  categoricalField,
  HOUR_MS,
  histogram,
  KEY,
  MONDAY_MS,
  nanoseconds,
  numericField,
  outcome,
  point,
  prediction,
  profile,
} from "../records.ts";
import { withStore } from "../temporary-store.ts";

const ROWS = 2_000;
const WEEK_MS = 168 * HOUR_MS;
const SEASON = { slotOfHour: Array.from({ length: 168 }, (_unused, hour) => hour % 24), slotCount: 24 };
const PROFILE = profile(
  [
    numericField("distance", [100, 500, 1000, 1e6]),
    categoricalField("origin", ["LAS", "SFO"]),
    numericField("score", [0.25, 0.5, 0.75], { target: "prediction" }),
    categoricalField("label", ["late", "on_time"], { target: "outcome" }),
  ],
  SEASON,
);

/** Predictions with conflicting copies, corrected outcomes, restarting cumulative points and delta points. */
function records(): { predictions: PredictionRecord[]; outcomes: OutcomeRecord[]; points: MetricPoint[] } {
  const predictions: PredictionRecord[] = [];
  const outcomes: OutcomeRecord[] = [];
  for (let row = 0; row < ROWS; row++) {
    const at = MONDAY_MS + Math.floor((row / ROWS) * WEEK_MS);
    const more = {
      score: (row * 0.37) % 1,
      label: row % 3 === 0 ? "late" : "on_time",
      samplingProbability: row % 5 === 0 ? 0.3 : 1,
      inputs: { distance: row % 7 === 0 ? null : (row * 17) % 1500, origin: row % 2 === 0 ? "LAS" : "OAK" },
    };
    predictions.push(prediction(`id-${row}`, at, more));
    if (row % 50 === 0) predictions.push(prediction(`id-${row}`, at, { ...more, score: 0.123 }));
    if (row % 4 !== 0)
      outcomes.push(outcome(`id-${row}`, at + 2 * HOUR_MS, { label: row % 6 === 0 ? "late" : "on_time" }));
    if (row % 40 === 1) outcomes.push(outcome(`id-${row}`, at + 3 * HOUR_MS, { label: "late" }));
    if (row % 60 === 1) outcomes.push(outcome(`id-${row}`, at + 3 * HOUR_MS, { label: "cancelled" }));
  }
  const points: MetricPoint[] = [];
  for (let hour = 1; hour <= 168; hour++) {
    const at = MONDAY_MS + hour * HOUR_MS;
    const life = Math.floor(hour / 60);
    const startUnixNano = nanoseconds(MONDAY_MS + Math.max(0, life * 60 - 1) * HOUR_MS);
    const n = hour - life * 60 + 1;
    points.push(
      histogram(at, { metric: "ml.prediction.score", boundaries: [0.25, 0.5, 0.75], startUnixNano }, [
        n,
        2 * n,
        n * n,
        1,
      ]),
      point(at, { metric: "process.cpu.time", model: "", version: "", role: "", startUnixNano, sum: n * 0.1 }),
      point(at, {
        metric: "ml.inference.predictions",
        temporality: "delta",
        sum: hour,
        startUnixNano: nanoseconds(at - HOUR_MS),
      }),
    );
  }
  return { predictions, outcomes, points };
}

test("the same records in another order, split otherwise or repeated give the same aggregate to the bit", async () => {
  const { predictions, outcomes, points } = records();
  const whole: IngestBatch[] = [{ predictions, outcomes, points }];
  const pieces = split(
    { predictions: shuffle(predictions, 1), outcomes: shuffle(outcomes, 2), points: shuffle(points, 3) },
    7,
  );
  const repeated = [
    ...split({ predictions: shuffle(predictions, 4), outcomes: shuffle(outcomes, 5), points: shuffle(points, 6) }, 3),
    ...whole,
  ];
  const answers: string[] = [];
  for (const batches of [whole, pieces, repeated]) {
    await withStore(async ({ store, write, writer }) => {
      for (const batch of batches) {
        void write(batch);
        await writer.flush();
      }
      const window = { name: "7d", startMs: MONDAY_MS, endMs: MONDAY_MS + WEEK_MS };
      const aggregate = await aggregateWindow(store, {
        key: KEY,
        profile: PROFILE,
        window,
        outcomeHorizonMs: WEEK_MS,
        segments: [],
      });
      assert.ok(aggregate.labelled.length > 100 && aggregate.fields.length === 4);
      answers.push(JSON.stringify(aggregate));
    });
  }
  assert.equal(answers[1], answers[0]);
  assert.equal(answers[2], answers[0]);
});

function split(batch: IngestBatch, parts: number): IngestBatch[] {
  const part = <T>(rows: readonly T[], index: number) => rows.filter((_row, row) => row % parts === index);
  return Array.from({ length: parts }, (_unused, index) => ({
    predictions: part(batch.predictions, index),
    outcomes: part(batch.outcomes, index),
    points: part(batch.points, index),
  }));
}

/** Fisher-Yates with a small linear congruential generator. */
function shuffle<T>(rows: readonly T[], seed: number): T[] {
  const shuffled = [...rows];
  let state = seed;
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const other = state % (last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
