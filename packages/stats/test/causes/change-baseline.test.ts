import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeBaseline, type ObservedRows } from "../../src/causes/change-baseline.ts";

interface Row {
  readonly city: string;
  readonly hub: string;
  readonly km: number;
  readonly day: string;
  readonly loss: number;
}

const CITIES = ["ams", "ber", "cdg", "dub", "edi", "fra"];
const HUBS = ["ams", "cdg", "fra"];
const DAYS = ["mon", "tue", "wed", "thu", "fri"];

/** Uniform in (0, 1), mulberry32. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Shipments whose distance depends on both places, which come from one list but lean to opposite ends of it. */
function window(seed: number, rows = 1_500): Row[] {
  const next = uniforms(seed);
  const weather = 0.02 * (next() - 0.5);
  return Array.from({ length: rows }, () => {
    const from = Math.floor(CITIES.length * next() ** 1.3);
    const to = Math.floor(HUBS.length * next());
    const km = Math.round(100 * (1 + from) + 40 * to + 20 * next());
    const day = DAYS[Math.floor(DAYS.length * next())]!;
    const loss = (next() < 0.1 + 0.03 * from + weather ? 0.8 : 0.1) * (0.8 + 0.4 * next());
    return { city: CITIES[from]!, hub: HUBS[to]!, km, day, loss };
  });
}

function observe(rows: readonly Row[]): ObservedRows {
  const column = <K extends "city" | "hub" | "km" | "day">(name: K) => rows.map((row) => row[name]);
  return {
    features: { city: column("city"), hub: column("hub"), km: column("km"), day: column("day") },
    loss: rows.map(({ loss }) => loss),
  };
}

const baseline = new ChangeBaseline([1, 2, 3, 4, 5].map((seed) => observe(window(seed))));
const explain = (change: (row: Row, at: number) => Row, seed = 9) =>
  baseline.explain(observe(window(seed).map(change)));

test("a window like the others has no cause", () => {
  for (const seed of [9, 10, 11]) assert.equal(explain((row) => row, seed).cause, "none");
});

test("a smaller window is not called shifted for what chance does to it", () => {
  for (const seed of [9, 10, 11, 12]) {
    assert.equal(baseline.explain(observe(window(seed, 150)), 0).cause, "none", `seed ${seed}`);
  }
});

test("columns that changed places are told by what they go with", () => {
  const found = explain((row) => ({ ...row, city: row.hub, hub: row.city }));
  assert.equal(found.cause, "swapped");
  assert.deepEqual(found.features, ["city", "hub"]);
  assert.equal(found.faults.length, 1, "once put back nothing else is wrong");
});

test("a repeated value is stuck; more rows that really have it are a shift", () => {
  const stuck = explain((row, at) => (at % 5 === 0 ? { ...row, city: "fra" } : row));
  assert.equal(stuck.cause, "stuck");
  assert.deepEqual([stuck.features, stuck.faults[0]!.value], [["city"], "fra"]);
  const rows = window(9, 3_000);
  const more = [...rows, ...rows.filter(({ city }) => city === "fra"), ...rows.filter(({ city }) => city === "fra")];
  const shifted = baseline.explain(observe(more));
  assert.equal(shifted.cause, "covariate_shift");
  assert.ok(shifted.features.includes("city"));
});

test("a feature that has nothing to do with the others is stuck from a rise of twenty points on", () => {
  assert.equal(explain((row, at) => (at % 2 === 0 ? { ...row, day: "mon" } : row)).cause, "stuck");
});

test("units, nulls, new categories and silence are told apart", () => {
  const unit = explain((row) => ({ ...row, km: row.km * 1.609344 }));
  assert.deepEqual([unit.cause, unit.features, unit.faults[0]!.factor], ["unit_change", ["km"], 1.609344]);
  const nulls = explain((row, at) => (at % 10 === 0 ? ({ ...row, hub: null } as unknown as Row) : row));
  assert.deepEqual([nulls.cause, nulls.features], ["nulls", ["hub"]]);
  assert.equal(explain((row, at) => (at % 30 === 0 ? { ...row, city: "oslo" } : row)).cause, "new_category");
  assert.equal(baseline.explain(observe(window(9).slice(0, 100))).cause, "silence");
  assert.notEqual(baseline.explain(observe(window(9).slice(0, 100)), 0).cause, "silence", "nothing was expected");
});

test("a changed rule is concept, its parts add up, and a kind of row that does worse is named", () => {
  const rule = explain((row) => ({ ...row, loss: row.loss + 0.15 }));
  assert.equal(rule.cause, "concept_shift");
  const { parts, split } = rule;
  const sum = parts!.features.reduce((total, each) => total + each.covariate + each.concept, parts!.level);
  assert.ok(Math.abs(sum - parts!.total) < 1e-9);
  assert.ok(Math.abs(split!.mix + split!.within + split!.new + split!.gone - split!.total) < 1e-12);
  const weak = explain((row) => (row.city === "dub" ? { ...row, loss: row.loss + 0.5 } : row));
  assert.equal(weak.parts!.segments[0]!.name, "city = dub");
  assert.ok(weak.parts!.segments[0]!.loss > weak.parts!.segments[0]!.lossBefore + 0.4);
});

test("without outcomes the inputs alone are explained", () => {
  const found = baseline.explain({ ...observe(window(9)), loss: null });
  assert.deepEqual([found.cause, found.split, found.parts, found.concept], ["none", null, null, null]);
});

test("fewer than three windows are refused", () => {
  assert.throws(() => new ChangeBaseline([observe(window(1))]), /windows holds 1/);
});

test("a unit that changes within the window is told, with the share of its values", () => {
  const found = explain((row, at) => (at < 900 ? row : { ...row, km: row.km * 100 }));
  assert.equal(found.cause, "unit_change");
  const [{ features, factor, share }] = found.faults as [(typeof found.faults)[number]];
  assert.deepEqual([features, factor], [["km"], 100]);
  assert.ok(share! > 0.35 && share! <= 0.4, `${share}`);
});

test("a feature whose values name rows is no shift, however new they are", () => {
  const named = (rows: readonly Row[], seed: number): ObservedRows => {
    const { features, loss } = observe(rows);
    return { features: { ...features, zip: rows.map((_, at) => `${seed} ${at % 400}`) }, loss };
  };
  const before = new ChangeBaseline([1, 2, 3, 4, 5].map((seed) => named(window(seed), seed)));
  assert.equal(before.explain(named(window(9), 9)).cause, "none");
});

test("a value that is somewhat more frequent by chance is not stuck where another feature is broken", () => {
  const small = (seed: number, share = 0.55, factor = 1): ObservedRows => {
    const next = uniforms(seed);
    const { features, loss } = observe(window(seed, 220));
    const km = features["km"]!.map((value) => Number(value) * factor);
    return { features: { ...features, km, member: km.map(() => (next() < share ? "no" : "yes")) }, loss };
  };
  for (let seed = 20; seed < 40; seed++) {
    const before = new ChangeBaseline([1, 2, 3].map((k) => small(100 * seed + k)));
    const { faults } = before.explain(small(seed, 0.62, 7));
    assert.ok(!faults.some(({ kind }) => kind === "stuck"), `seed ${seed}: ${JSON.stringify(faults)}`);
  }
});
