import assert from "node:assert/strict";
import { test } from "node:test";
import { controlChart } from "../../src/control/control-chart.ts";

/** Standard normal by seed: mulberry32 and Box-Muller. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const states = (values: readonly number[]) => controlChart(values)!.points.map(({ state }) => state);

test("a jump and a slow drift are told apart", () => {
  const next = normals(1);
  const calm = Array.from({ length: 30 }, () => 0.8 + 0.01 * next());
  const jump = states([...calm, 0.6, 0.8]);
  assert.deepEqual([jump[30], jump[31]], ["jump", "in_control"]);
  const creeping = states([...calm, ...Array.from({ length: 12 }, (_, at) => 0.8 - 0.0016 * (at + 1))]);
  assert.ok(creeping.slice(30).includes("slow_drift"));
  assert.ok(!creeping.includes("jump"));
});

test("values in control are called so but for a few", () => {
  let called = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const next = normals(seed);
    called += states(Array.from({ length: 50 }, next)).filter(
      (state) => state === "jump" || state === "slow_drift",
    ).length;
  }
  assert.ok(called / 3_000 < 0.03, `${called} of 3,000`);
});

test("too short a series, and one that does not vary, have no limits", () => {
  assert.equal(controlChart(Array.from({ length: 15 }, (_, at) => at)), null);
  assert.equal(controlChart(new Array<number>(40).fill(1)), null);
  const chart = controlChart([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])!;
  assert.equal(chart.learnedFrom, 8);
  assert.equal(chart.center, 1.5);
  assert.ok(Math.abs(chart.upper - (1.5 + 3 * 0.8862)) < 1e-3);
});
