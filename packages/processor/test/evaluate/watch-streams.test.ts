import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { DriftStreamState, FieldLooks } from "@tidemark/signals";
import { keptRows } from "../../src/evaluate/kept-rows.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import { createStreamWatch, isStreamReading, type StreamStore } from "../../src/evaluate/watch-streams.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { removeOld } from "../../src/store/retention.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 86_400_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const };
const WINDOWS = 80;
const SHIFT_AT = 60;

/** The test profile with rows whose order is known, so that no look is spent on learning it. */
const profile: Profile = { ...testProfile(), source: { rows: 1000, start: "2001-01-01T00:00:00Z", end: null } };
const config = testConfig({ models: [{ name: "flight-delay", profile: "p.json", windows: ["24h", "7d"] }] }).models[0]!;
const model = { profile, config, configId: "sha256:c" } as unknown as MonitoredModel;

/** Looks of a day: 200 even rows, shifted from a day on. */
function looksOf(day: number, rows = 200): FieldLooks[] {
  const weights = Array.from({ length: 20 }, (_, bin) => (day < SHIFT_AT ? 10 + ((bin * 7 + day * 3) % 5) - 2 : bin));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = [0, ...weights.map((weight) => Math.round((weight * rows) / total)), 0];
  const look = (kind: "feature" | "prediction", name: string, own: number[]): FieldLooks => ({
    target: { kind, name },
    looks: own.length === 0 ? [] : [{ slot: 0, counts: own }],
    rows: own.reduce((sum, count) => sum + count, 0),
    practical: true,
    absence: own.length === 0 ? "no_data" : "",
  });
  return [look("feature", "distance", counts), look("feature", "origin", []), look("prediction", "score", counts)];
}

class MemoryStore implements StreamStore {
  readonly looks = new Map<number, string>();
  readonly states: { startMs: number; chain: string; state: string }[] = [];
  readonly saved = new Map<string, Measurement>();
  statesRead = 0;
  failing = false;

  async saveLooks(items: Parameters<StreamStore["saveLooks"]>[0]) {
    for (const { startMs, fields } of items) this.looks.set(startMs, JSON.stringify(fields));
  }

  async lookDigests() {
    return [...this.looks].sort(([a], [b]) => a - b).map(([startMs, digest]) => ({ startMs, digest }));
  }

  async looksFrom(_stream: unknown, fromMs: number) {
    const from = [...this.looks].filter(([startMs]) => startMs >= fromMs).sort(([a], [b]) => a - b);
    return from.map(([startMs, looks]) => ({ startMs, fields: JSON.parse(looks) as FieldLooks[] }));
  }

  async stateChains() {
    return this.states.toSorted((a, b) => a.startMs - b.startMs);
  }

  async stateOf(_stream: unknown, chain: string) {
    this.statesRead += 1;
    const found = this.states.find((state) => state.chain === chain);
    return found === undefined ? null : (JSON.parse(found.state) as DriftStreamState);
  }

  async saveState(_stream: unknown, { startMs, chain, state }: Parameters<StreamStore["saveState"]>[1]) {
    this.states.push({ startMs, chain, state: JSON.stringify(state) });
  }

  async streamVerdictsFrom(_key: unknown, _name: string, fromMs: number) {
    return [...this.saved.values()].filter(({ window }) => Date.parse(window.start) >= fromMs);
  }

  async newestStreamVerdictMs() {
    const starts = [...this.saved.values()].map(({ window }) => Date.parse(window.start));
    return starts.length === 0 ? null : Math.max(...starts);
  }

  async save(measurements: readonly Measurement[]) {
    if (this.failing) throw new Error("the disk is full");
    for (const row of measurements) this.saved.set(`${row.window.start} ${row.target.name} ${row.metric}`, row);
  }

  /** Everything but the revisions, in order. */
  verdicts() {
    const rows = [...this.saved].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([id, { value, state, evidence }]) => [id, value, state, evidence.numbers]);
  }
}

async function deliver(store: StreamStore, day: number, fields: FieldLooks[]): Promise<void> {
  const startMs = MONDAY_MS + day * DAY_MS;
  await store.saveLooks([{ key: KEY, lengthMs: DAY_MS, profileId: profile.id, startMs, fields }]);
}

function taskOf(day: number) {
  const startMs = MONDAY_MS + day * DAY_MS;
  return { model, key: KEY, window: { name: "24h", startMs, endMs: startMs + DAY_MS } };
}

const watchOn = (store: StreamStore) => createStreamWatch({ store, onWatched: () => undefined });

/** All days in order, one pass each. */
async function watchAll(store: MemoryStore, restartEvery = Number.POSITIVE_INFINITY): Promise<void> {
  let watch = watchOn(store);
  for (let day = 0; day < WINDOWS; day++) {
    if (day % restartEvery === restartEvery - 1) watch = watchOn(store);
    await deliver(store, day, looksOf(day));
    await watch([taskOf(day)]);
  }
}

function severityOn(store: MemoryStore, day: number, target: string): Measurement {
  const start = new Date(MONDAY_MS + day * DAY_MS).toISOString();
  const found = store.saved.get(`${start} ${target} ${metric.driftSeverity}`);
  assert.ok(found, `no continuous verdict on ${target} for ${start}`);
  return found;
}

test("the continuous reading is quiet on stable days, turns critical after a shift and stays so", async () => {
  const store = new MemoryStore();
  await watchAll(store);
  for (let day = 1; day < SHIFT_AT; day++) assert.equal(severityOn(store, day, "distance").state, "ok", `day ${day}`);
  for (let day = SHIFT_AT + 3; day < WINDOWS; day++) {
    const { state, value, attributes } = severityOn(store, day, "distance");
    assert.equal(state, "critical", `day ${day}`);
    assert.ok(value! >= 1);
    assert.deepEqual(attributes, { "ml.drift.reading": "stream" });
  }
  assert.equal(severityOn(store, 5, "origin").state, "no_data");
});

test("restarts go on from a stored state to the bit", async () => {
  const [whole, broken] = [new MemoryStore(), new MemoryStore()];
  await watchAll(whole);
  await watchAll(broken, 7);
  assert.deepEqual(broken.verdicts(), whole.verdicts());
  assert.ok(broken.statesRead > 0, "no restart used a stored state");
});

test("a late record is read again from its window on, with a revision where it changes something", async () => {
  const [late, inTime] = [new MemoryStore(), new MemoryStore()];
  const watch = watchOn(late);
  for (let day = 0; day < WINDOWS; day++) {
    await deliver(late, day, looksOf(day, day === 40 ? 100 : 200));
    await watch([taskOf(day)]);
  }
  const before = severityOn(late, 50, "distance");
  await deliver(late, 40, looksOf(40));
  await watch([taskOf(40)]);
  await watchAll(inTime);
  assert.deepEqual(late.verdicts(), inTime.verdicts());
  assert.equal(severityOn(late, 50, "distance").revision, before.revision + 1);
  assert.equal(severityOn(late, 39, "distance").revision, 0);
});

test("verdicts that the store refused are published by the next pass", async () => {
  const [failing, whole] = [new MemoryStore(), new MemoryStore()];
  const watch = watchOn(failing);
  for (let day = 0; day < WINDOWS; day++) {
    await deliver(failing, day, looksOf(day));
    failing.failing = day === 30;
    if (failing.failing) await assert.rejects(watch([taskOf(day)]), /disk is full/);
    else await watch([taskOf(day)]);
  }
  await watchAll(whole);
  assert.deepEqual(failing.verdicts(), whole.verdicts());
});

test("what a stop left unpublished of a window judged again is published once that window is seen to be late, though newer ones came before", async () => {
  const [whole, broken] = [new MemoryStore(), new MemoryStore()];
  for (const store of [whole, broken]) {
    const watch = watchOn(store);
    for (let day = 0; day < 10; day++) {
      await deliver(store, day, looksOf(day));
      await watch([taskOf(day)]);
    }
    await deliver(store, 3, looksOf(3, 300));
    if (store === whole) await watch([taskOf(3)]);
    await deliver(store, 10, looksOf(10));
    const next = store === whole ? watch : watchOn(store);
    await next([taskOf(10)]);
    await next([taskOf(3)]);
  }
  assert.ok(severityOn(whole, 3, "distance").count > severityOn(whole, 4, "distance").count);
  assert.equal(severityOn(broken, 3, "distance").count, severityOn(whole, 3, "distance").count);
  assert.deepEqual(broken.verdicts(), whole.verdicts());
});

test("the engine keeps looks, states and verdicts: a restart on it goes on to the bit", () =>
  withStore(async ({ store }) => {
    const memory = new MemoryStore();
    const stored = createEvaluationStore(store, Date.now);
    for (let day = 0; day < 40; day++) {
      await deliver(memory, day, looksOf(day));
      await deliver(stored, day, looksOf(day));
    }
    await watchOn(stored)([taskOf(0)]);
    await deliver(memory, 40, looksOf(40));
    await deliver(stored, 40, looksOf(40));
    await watchOn(stored)([taskOf(40)]);
    await watchOn(memory)([taskOf(0)]);
    const rows = await stored.streamVerdictsFrom(KEY, "24h", 0);
    assert.ok(rows.length > 0 && rows.every(isStreamReading));
    const found = Object.fromEntries(
      rows.map(({ window, target, metric: name, value }) => [`${window.start} ${target.name} ${name}`, value]),
    );
    assert.deepEqual(found, Object.fromEntries([...memory.saved].map(([id, { value }]) => [id, value])));
    assert.equal((await stored.stateChains({ key: KEY, lengthMs: DAY_MS, profileId: profile.id })).length, 1);
  }));

test("looks that retention removed change no verdict, in the running process and after a restart", () =>
  withStore(async ({ store }) => {
    const [whole, stored] = [new MemoryStore(), createEvaluationStore(store, () => MONDAY_MS)];
    await watchAll(whole);
    const running = watchOn(stored);
    const dayBy = async (watch: ReturnType<typeof watchOn>, day: number) => {
      await deliver(stored, day, looksOf(day));
      await watch([taskOf(day)]);
    };
    const items = Array.from({ length: SHIFT_AT }, (_, day) => {
      const startMs = MONDAY_MS + day * DAY_MS;
      return { key: KEY, lengthMs: DAY_MS, profileId: profile.id, startMs, fields: looksOf(day) };
    });
    await stored.saveLooks(items);
    await running([taskOf(0)]);
    const cut = { receivedMs: MONDAY_MS + 1, eventMs: MONDAY_MS + 40 * DAY_MS };
    const kept = keptRows({ list: () => [model] });
    const remove = (streams = kept.streams) =>
      removeOld(store, {
        cut: { records: cut, results: { receivedMs: 0, eventMs: 0 } },
        kept: { ...kept, streams },
      });
    // The snapshot after the 32nd look stands for the looks before the cut.
    assert.deepEqual((await remove()).rows, { stream_look: 32 });
    for (const [step, watch] of [running, running, watchOn(stored), watchOn(stored)].entries()) {
      await dayBy(watch, SHIFT_AT + step);
    }
    const rows = await stored.streamVerdictsFrom(KEY, "24h", 0);
    const found = Object.fromEntries(
      rows.map(({ window, target, metric: name, value }) => [`${window.start} ${target.name} ${name}`, value]),
    );
    const untilMs = MONDAY_MS + (SHIFT_AT + 4) * DAY_MS;
    const wanted = [...whole.saved].filter(([, { window }]) => Date.parse(window.start) < untilMs);
    assert.deepEqual(found, Object.fromEntries(wanted.map(([id, { value }]) => [id, value])));
    assert.ok(rows.every(({ revision }) => revision === 0));
    // Of a stream that is watched no more, as after another profile, what lies before the cut goes whole.
    assert.deepEqual((await remove([])).rows, { stream_look: 8, stream_state: 1 });
  }));
