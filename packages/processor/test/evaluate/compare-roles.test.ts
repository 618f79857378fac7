import assert from "node:assert/strict";
import { test } from "node:test";
import type { PairedWindow } from "@tidemark/signals";
import { createRoleComparison } from "../../src/evaluate/compare-roles.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements } from "../../src/store/measurements.ts";
import { readComparisons } from "../../src/store/read-comparisons.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction, profile } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 24 * HOUR_MS;
const CHALLENGER = { ...KEY, version: "2", role: "challenger" } as const;
const config = testConfig({ models: [{ name: KEY.model, profile: "profile.json", windows: ["7d", "24h"] }] })
  .models[0]!;
const model: MonitoredModel = { config, configId: "c", profile: profile([]), features: new Set() };

/** 2,880 requests a day, half of them late; the challenger is wrong of every fifth, the champion of every tenth. */
function requests(day: number) {
  return Array.from({ length: 2_880 }, (_, index) => {
    const ms = MONDAY_MS + day * DAY_MS + index * 30_000;
    const isLate = index % 2 === 0;
    const answer = (isWrong: boolean) => ({ label: isLate !== isWrong ? "late" : "on_time" });
    const id = `${day}-${String(index).padStart(4, "0")}`;
    return {
      champion: prediction(id, ms, answer(index % 10 === 0)),
      challenger: prediction(id, ms, { ...CHALLENGER, ...answer(index % 5 === 0) }),
      outcome: outcome(id, ms + 2 * HOUR_MS, { label: isLate ? "late" : "on_time" }),
    };
  });
}

function day(number: number) {
  const startMs = MONDAY_MS + number * DAY_MS;
  return { model, key: CHALLENGER, window: { name: "24h", startMs, endMs: startMs + DAY_MS } };
}

test("a worse challenger is told, once its outcomes are in and a whole day has passed", () =>
  withStore(async ({ store, write }) => {
    let nowMs = 1;
    const compare = createRoleComparison({
      store: createEvaluationStore(store, () => ++nowMs),
      onCompared: () => undefined,
    });
    const days = [requests(0), requests(1), requests(2)];
    await write({ predictions: days.flat().flatMap(({ champion, challenger }) => [champion, challenger]) });
    await write({ outcomes: days[0]!.map((each) => each.outcome) });
    await compare([day(0), day(1), day(2)]);
    const [early] = await readComparisons(store, KEY);
    assert.equal(early!.verdict, "undecided", "after one day there is no verdict");
    assert.equal(early!.pairs, 2_880, "windows without outcomes wait");

    await write({ outcomes: days[2]!.map((each) => each.outcome) });
    await compare([day(2)]);
    const [waiting] = await readComparisons(store, KEY);
    assert.equal(waiting!.pairs, 2_880, "a window waits for the one before it");

    await write({ outcomes: days[1]!.map((each) => each.outcome) });
    await compare([day(1)]);
    const [found] = await readComparisons(store, KEY);
    assert.equal(found!.verdict, "champion_better");
    assert.equal(found!.pairs, 3 * 2_880);
    assert.ok(Math.abs(found!.difference! - 0.1) < 1e-9);
    assert.ok(found!.lower! > 0 && found!.lower! < 0.1 && found!.upper! > 0.1);
    assert.match(found!.note, /zero_one loss, 8640 pairs since 2001-01-01/);

    const before = await readComparisons(store, KEY);
    await compare([day(0), day(1), day(2)]);
    assert.deepEqual(await readComparisons(store, KEY), before, "judged again it is the same to the bit");
  }));

test("a comparison goes on from where it was remembered, and a late record is read from before it on, with the same result", () =>
  withStore(async ({ store, write }) => {
    let nowMs = 1;
    const days = 70;
    const all = Array.from({ length: days }, (_, number) =>
      requests(number).filter((_each, index) => index % 60 === 0),
    );
    await write({ predictions: all.flat().flatMap(({ champion, challenger }) => [champion, challenger]) });
    await write({
      outcomes: all.flatMap((ofDay, number) => (number === 40 ? ofDay.slice(1) : ofDay)).map((each) => each.outcome),
    });
    const readFrom: number[] = [];
    const inner = createEvaluationStore(store, () => ++nowMs);
    const counting = {
      ...inner,
      pairsFrom: (key: typeof CHALLENGER, lengthMs: number, fromMs: number) => {
        readFrom.push(fromMs === 0 ? 0 : (fromMs - MONDAY_MS) / DAY_MS);
        return inner.pairsFrom(key, lengthMs, fromMs);
      },
    };
    const create = () => createRoleComparison({ store: counting, onCompared: () => undefined });
    const compare = create();
    await compare(Array.from({ length: days - 1 }, (_, number) => day(number)));
    await compare([day(days - 1)]);
    await write({ outcomes: [all[40]![0]!.outcome] });
    await compare([day(40)]);
    await compare([day(days - 1)]);
    // The mark at day 64 was of another past once day 40 had changed, and was made anew.
    assert.deepEqual(readFrom, [0, 64, 32, 64]);
    const goneOn = await readComparisons(store, KEY);
    assert.equal(goneOn[0]!.pairs, days * 48);
    await create()(Array.from({ length: days }, (_, number) => day(number)));
    assert.deepEqual(await readComparisons(store, KEY), goneOn, "from the beginning it is the same to the bit");
  }));

test("windows that waited for outcomes say the same in the end whether judged day by day, with restarts or at once", () =>
  withStore(async ({ store, write }) => {
    const days = 8;
    const outcomeHorizon = 2 * DAY_MS;
    const of = (version: string, number: number) => ({
      ...day(number),
      ...{ model: { ...model, config: { ...config, outcomeHorizon } }, key: { ...CHALLENGER, version } },
    });
    const all = Array.from({ length: days }, (_, number) => requests(number).filter((_each, at) => at % 30 === 0));
    for (const version of ["stream", "restarts", "batch"]) {
      await write({ predictions: all.flat().map(({ challenger }) => ({ ...challenger, version })) });
    }
    await write({ predictions: all.flat().map(({ champion }) => champion) });
    // The outcomes of the second day never come, and it is no longer waited for two days later.
    const outcomes = all.flatMap((ofDay, number) => (number === 1 ? [] : ofDay.map((each) => each.outcome)));
    await write({ outcomes });
    let nowMs = 1;
    const create = () =>
      createRoleComparison({ store: createEvaluationStore(store, () => ++nowMs), onCompared: () => undefined });
    const stream = create();
    for (let number = 0; number < days; number++) {
      await stream([of("stream", number)]);
      await create()([of("restarts", number)]);
    }
    await create()(Array.from({ length: days }, (_, number) => of("batch", number)));
    const said = async (version: string) =>
      (await readMeasurements(store, { tenant: KEY.tenant, model: KEY.model, version, signal: "comparison" })).map(
        (measurement) => ({ ...measurement, version: "", revision: 0 }),
      );
    const batch = await said("batch");
    assert.equal(new Set(batch.map(({ window }) => window.start)).size, days);
    assert.deepEqual(await said("stream"), batch);
    assert.deepEqual(await said("restarts"), batch);
  }));

test("what is remembered of a challenger does not grow with time", async () => {
  const hours = 32 * 40;
  const paired = Array.from({ length: hours }, (_, hour): PairedWindow => {
    const startMs = MONDAY_MS + hour * HOUR_MS;
    return { startMs, endMs: startMs + HOUR_MS, minutes: [{ startMs, asked: 1, pairs: 1, sum: 0 }] };
  });
  const readFrom: number[] = [];
  const compare = createRoleComparison({
    store: {
      pairedMinutes: async ({ window }) => paired.find(({ startMs }) => startMs === window.startMs)!.minutes,
      savePairs: async () => undefined,
      pairsFrom: async (_key, _lengthMs, fromMs) => {
        readFrom.push(fromMs === 0 ? 0 : (fromMs - MONDAY_MS) / HOUR_MS);
        return paired.filter(({ startMs }) => startMs >= fromMs);
      },
      comparisonsFrom: async () => [],
      newestComparisonMs: async () => null,
      save: async () => undefined,
    },
    onCompared: () => undefined,
  });
  const hourly: MonitoredModel = { ...model, config: { ...config, windows: ["1h"] } };
  const hour = (number: number) => {
    const startMs = MONDAY_MS + number * HOUR_MS;
    return { model: hourly, key: CHALLENGER, window: { name: "1h", startMs, endMs: startMs + HOUR_MS } };
  };
  await compare(Array.from({ length: hours }, (_, number) => hour(number)));
  await compare([hour(hours - 1)]);
  await compare([hour(9 * 32)]);
  assert.deepEqual(readFrom, [0, hours - 32, 9 * 32], "of 39 marks the newest 32 are kept");
  await compare([hour(hours - 1)]);
  await compare([hour(7 * 32)]);
  assert.deepEqual(readFrom.slice(3), [hours - 32, 0], "what is older is compared from the beginning");
});

test("an ensemble's members and the champion are compared with no one", () =>
  withStore(async ({ store }) => {
    const compare = createRoleComparison({ store: createEvaluationStore(store, () => 1), onCompared: () => undefined });
    await compare([
      { ...day(0), key: KEY },
      { ...day(0), key: { ...KEY, role: "member" } },
    ]);
    assert.deepEqual(await readComparisons(store, KEY), []);
  }));
