import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { KeptCounts } from "@tidemark/signals";
import { createReferenceDrift, isReferenceReading } from "../../src/evaluate/reference-drift.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements } from "../../src/store/measurements.ts";
import type { Store } from "../../src/store/store.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 86_400_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const };
const DAYS = 24;
const SHIFT_AT = 15;

const profile = testProfile();
const references = ["training", "previous", "rolling", "same_hour"];
const config = testConfig({
  models: [{ name: KEY.model, profile: "p.json", windows: ["24h"], drift: { references } }],
}).models[0]!;
const model: MonitoredModel = { profile, config, configId: "sha256:c", features: new Set() };

/** Counts of a day on the twenty even bins of `distance`: even, and from a day on the longer the more. */
function countsOf(day: number, rowsABin = 30): KeptCounts[] {
  const bins = Array.from({ length: 20 }, (_, bin) => (day < SHIFT_AT ? rowsABin + ((bin + day) % 3) : 4 * bin));
  return [{ target: "feature", name: "distance", counts: [0, ...bins, 0], slotRows: [] }];
}

const startOf = (day: number) => MONDAY_MS + day * DAY_MS;

function taskOf(day: number) {
  return { model, key: KEY, window: { name: "24h", startMs: startOf(day), endMs: startOf(day) + DAY_MS } };
}

/** A processor's life on a store: which days it has judged, and what it holds. */
function createRun(store: Store) {
  const stored = createEvaluationStore(store, Date.now);
  const judged = new Map<number, number>();
  const refusing = { on: false };
  const refusable = {
    ...stored,
    async save(measurements: readonly Measurement[]) {
      if (refusing.on) throw new Error("the disk is full");
      await stored.save(measurements);
    },
  };
  const newHolding = () =>
    createReferenceDrift({
      store: refusable,
      judged: { load: async () => judged },
      judges: {
        onDefect: (_signal, error) => {
          throw error;
        },
      },
      yieldToIngest: async () => undefined,
      onReferenceDrift: () => undefined,
    });
  const state = { hold: newHolding() };
  return {
    refusing,
    restart() {
      state.hold = newHolding();
    },
    async count(day: number, fields = countsOf(day)) {
      const of = { key: KEY, windowName: "24h", profileId: profile.id };
      await stored.saveCounts([{ ...of, startMs: startOf(day), fields }]);
      judged.set(startOf(day), 0);
    },
    hold: (...days: readonly number[]) => state.hold(days.map(taskOf)),
    async verdicts() {
      const rows = await readMeasurements(store, { model: KEY.model });
      assert.ok(rows.length > 0 && rows.every(isReferenceReading));
      return rows;
    },
  };
}

const withoutRevision = (rows: readonly Measurement[]) => rows.map((row) => ({ ...row, revision: 0 }));

function severityOf(rows: readonly Measurement[], day: number, reference: string): Measurement {
  const start = new Date(startOf(day)).toISOString();
  const found = rows.find(
    (row) =>
      row.window.start === start &&
      row.metric === metric.driftSeverity &&
      row.target.name === "distance" &&
      row.attributes[attr.driftReference] === reference,
  );
  assert.ok(found, `no verdict against ${reference} on day ${day}`);
  return found;
}

/** All days counted before the first pass: it takes them all, as a start takes what was counted and never held. */
async function wholeRun(): Promise<Measurement[]> {
  let rows: Measurement[] = [];
  await withStore(async ({ store }) => {
    const run = createRun(store);
    await Promise.all(Array.from({ length: DAYS }, (_, day) => run.count(day)));
    await run.hold(DAYS - 1);
    rows = await run.verdicts();
  });
  return rows;
}

const whole = wholeRun();

test("a change is critical against each reference until that has it too", async () => {
  const rows = await whole;
  const states = (reference: string, days: readonly number[]) =>
    days.map((day) => severityOf(rows, day, reference).state);
  assert.deepEqual(states("previous", [0, 14, 15, 16]), ["insufficient_data", "ok", "critical", "ok"]);
  assert.deepEqual(states("rolling", [14, 15, 16, 23]), ["ok", "critical", "critical", "ok"]);
  assert.deepEqual(states("same_hour", [6, 7, 15, 21]), ["insufficient_data", "ok", "critical", "critical"]);
  const last = severityOf(rows, 23, "rolling");
  assert.match(last.evidence.note, /the last windows: 7 windows/);
});

test("windows that come one by one, a late record, restarts and a store that refuses lead to the same verdicts", async () => {
  const expected = withoutRevision(await whole);
  await withStore(async ({ store }) => {
    const run = createRun(store);
    for (let day = 0; day < DAYS; day++) {
      await run.count(day, day === 13 ? countsOf(day, 12) : countsOf(day));
      run.refusing.on = day === 10;
      if (run.refusing.on) await assert.rejects(run.hold(day), /disk is full/);
      else await run.hold(day);
      if (day % 5 === 4) run.restart();
    }
    assert.notDeepEqual(withoutRevision(await run.verdicts()), expected);
    await run.count(13);
    await run.hold(13);
    const late = await run.verdicts();
    assert.deepEqual(withoutRevision(late), expected);
    assert.equal(severityOf(late, 14, "previous").revision, 1);
    assert.equal(severityOf(late, 15, "previous").revision, 0);
    assert.equal(severityOf(late, 20, "rolling").revision, 1);
  });
});
