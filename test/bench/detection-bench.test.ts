import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { judgeWindows } from "../../bench/detection/judge-windows.ts";
import { lordenBoundRows } from "../../bench/detection/lorden-bound.ts";
import { proportionOf } from "../../bench/detection/proportion.ts";
import { medianOf } from "../../bench/detection/read-rows.ts";
import { createSeededRandom } from "../../bench/detection/seeded-random.ts";
import { createShares } from "../../bench/detection/shares.ts";
import { DRIFTS, STABLE_STREAMS, type Stream } from "../../bench/detection/streams.ts";

const ROWS = 40_000;

function draw(stream: Stream): Float64Array {
  const next = stream.open(createSeededRandom(`test/${stream.name}`));
  return Float64Array.from({ length: ROWS }, () => next(0));
}

function find<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: Float64Array) => {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
};
/** Correlation of neighbours in a stream of mean 0. */
const lagOf = (values: Float64Array) =>
  meanOf(values.slice(1).map((value, i) => value * values[i]!)) / varianceOf(values);

describe("streams of the detection benchmark", () => {
  it("repeat for a seed and differ between seeds", () => {
    const first = (seed: string) => createSeededRandom(seed).uniform();
    assert.equal(first("a"), first("a"));
    assert.notEqual(first("a"), first("b"));
  });

  it("have the mean, variance and autocorrelation they are named by", () => {
    const within = (actual: number, expected: number, by: number) =>
      assert.ok(Math.abs(actual - expected) < by, `${actual}, expected ${expected}`);
    within(varianceOf(draw(find(DRIFTS, "variance x1.5").after)), 1.5, 0.05);
    within(meanOf(draw(find(DRIFTS, "shift 0.25 sd").after)), 0.25, 0.02);
    within(meanOf(draw(find(STABLE_STREAMS, "lognormal"))), Math.exp(0.5), 0.06);
    within(lagOf(draw(find(STABLE_STREAMS, "ar0.6"))), 0.6, 0.03);
    within(lagOf(draw(find(STABLE_STREAMS, "burst10"))), 0.9, 0.03);
    within(draw(find(STABLE_STREAMS, "t2")).filter((value) => value > Math.SQRT2).length / ROWS, 0.1464, 0.01);
  });

  it("move the total variation they are named by between categories", () => {
    const { before, after } = find(DRIFTS, "TV 0.10");
    const share = (values: Float64Array, category: number) =>
      values.filter((value) => value === category).length / ROWS;
    const [stable, drifted] = [draw(before), draw(after)];
    const distance = [0, 1, 2, 3, 4].reduce((sum, c) => sum + Math.abs(share(stable, c) - share(drifted, c)) / 2, 0);
    assert.ok(Math.abs(distance - 0.1) < 0.01, `${distance}`);
  });
});

describe("arithmetic of the detection benchmark", () => {
  it("quotes Lorden's bound: 368 rows for a quarter of a standard deviation at 100,000", () => {
    assert.equal(Math.round(lordenBoundRows(100_000, 0.25 ** 2 / 2)), 368);
  });

  it("gives a rate of no events an upper limit that counts groups, not trials", () => {
    const groups = Array.from({ length: 4_000 }, () => ({ events: 0, trials: 5 }));
    const { rate, lower, upper, effectiveTrials } = proportionOf(groups);
    assert.deepEqual([rate, lower, effectiveTrials], [0, 0, 4_000]);
    assert.ok(upper > 0.0009 && upper < 0.001, `${upper}`);
  });

  it("widens the interval where a group's trials agree, and leaves it where they do not", () => {
    const together = Array.from({ length: 100 }, (_, i) => ({ events: i < 10 ? 20 : 0, trials: 20 }));
    const spread = Array.from({ length: 100 }, () => ({ events: 2, trials: 20 }));
    assert.equal(proportionOf(spread).effectiveTrials, 2_000);
    assert.ok(Math.abs(proportionOf(together).effectiveTrials - 99) < 1e-9);
    assert.equal(proportionOf(together).rate, proportionOf(spread).rate);
  });

  it("leaves groups without a trial out of the rate", () => {
    const { rate, trials } = proportionOf([
      { events: 1, trials: 4 },
      { events: 1, trials: 4 },
      { events: 0, trials: 0 },
    ]);
    assert.deepEqual([rate, trials], [0.25, 8]);
  });

  it("puts streams that never found the drift at the end of the median", () => {
    assert.equal(medianOf([5, Number.POSITIVE_INFINITY, 1]), 5);
    assert.equal(medianOf([4, 2]), 3);
  });

  it("counts every window once and finds a large shift in each", () => {
    const drift = find(DRIFTS, "shift 1 sd");
    const tallies = judgeWindows({ ...drift, windowRows: 500, referenceRows: 1_000, windows: 10, seed: "test" });
    const all = { judged: 5, insufficient: 0, critical: 5, evidenceAlone: 5, warningOrWorse: 5 };
    assert.deepEqual(tallies, [all, all]);
  });

  it("reads a finished share instead of running it again", () => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-shares-"));
    try {
      let runs = 0;
      const work = () => ({ runs: ++runs });
      assert.deepEqual(createShares(folder).run("a share, 1", work), { runs: 1 });
      assert.deepEqual(createShares(folder).run("a share, 1", work), { runs: 1 });
      const unkept = createShares(null);
      assert.deepEqual(unkept.run("a share, 1", work), { runs: 2 });
      assert.deepEqual(unkept.run("a share, 1", work), { runs: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
