import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { type BinKind, createDetectionReference, EDetector, judgeWindow } from "@tidemark/stats";
import { drawCounts, normalFrom, seededRandom } from "./random.ts";

const EVEN = new Array<number>(20).fill(1 / 20);
const SKEWED = [0.4, 0.25, 0.15, 0.1, 0.06, 0.03, 0.01];

/** The most events in `trials` that a true rate leaves likely: exceeded with probability below 1e-6 (binomial). */
function largestLikely(trials: number, rate: number): number {
  let probability = (1 - rate) ** trials;
  let upTo = probability;
  let events = 0;
  while (1 - upTo > 1e-6) {
    probability *= ((trials - events) / (events + 1)) * (rate / (1 - rate));
    upTo += probability;
    events += 1;
  }
  return events;
}

/** Verdicts by state over stable windows, each with a fresh reference every 50 windows. */
function judgeStable(kind: BinKind, shares: readonly number[], referenceRows: number, windowRows: number) {
  const random = seededRandom(referenceRows + windowRows);
  const states = { ok: 0, warning: 0, critical: 0, insufficient_data: 0 };
  for (let reference = 0; reference < 40; reference++) {
    const drawn = createDetectionReference(drawCounts(random, shares, referenceRows), kind);
    for (let window = 0; window < 50; window++) {
      const counts = drawCounts(random, shares, windowRows);
      states[judgeWindow([{ reference: drawn, counts }], { variance: [1, 1] }).state] += 1;
    }
  }
  return states;
}

describe("calibration of window verdicts", () => {
  const rows: [BinKind, readonly number[], number, number][] = [
    ["numeric", EVEN, 1_000, 200],
    ["numeric", EVEN, 10_000, 1_000],
    ["categorical", SKEWED, 1_000, 1_000],
    ["categorical", SKEWED, 10_000, 200],
  ];
  for (const [kind, shares, referenceRows, windowRows] of rows) {
    it(`keeps false criticals of ${kind} windows of ${windowRows} against ${referenceRows} within 1 in 1,000`, () => {
      const states = judgeStable(kind, shares, referenceRows, windowRows);
      assert.equal(states.ok + states.warning + states.critical, 2_000);
      assert.ok(states.critical <= largestLikely(2_000, 0.001), JSON.stringify(states));
      assert.ok(states.warning <= largestLikely(2_000, 0.002), JSON.stringify(states));
    });
  }

  it("finds a shift of half a standard deviation in nearly every window of 1,000", () => {
    const random = seededRandom(5);
    const normalShift = [0.0159, 0.0216, 0.0254, 0.0285, 0.0313, 0.0339, 0.0365, 0.039, 0.0415, 0.0441];
    const rest = [0.0468, 0.0497, 0.0528, 0.0563, 0.0603, 0.065, 0.071, 0.0793, 0.0926, 0.1285];
    const reference = createDetectionReference(drawCounts(random, EVEN, 10_000), "numeric");
    let found = 0;
    for (let window = 0; window < 100; window++) {
      const counts = drawCounts(random, [...normalShift, ...rest], 1_000);
      if (judgeWindow([{ reference, counts }], { variance: [1, 1] }).state === "critical") found += 1;
    }
    assert.ok(found >= 95, `${found} of 100`);
  });
});

describe("calibration of effect bounds", () => {
  it("keeps PSI's one-sided bounds and the location interval near their nominal 95 %", () => {
    const random = seededRandom(8);
    const normal = normalFrom(random);
    const shift = 0.32;
    const runs = 300;
    const held = { psiLower: 0, psiUpper: 0, location: 0 };
    const edges = Array.from({ length: 19 }, (_, k) => normalQuantile((k + 1) / 20, 0, 1));
    const shares = [...edges, Infinity].map(
      (edge, k) => normalCdf(edge - shift, 0, 1) - normalCdf((edges[k - 1] ?? -Infinity) - shift, 0, 1),
    );
    const truth = shares.reduce((psi, share) => psi + (share - 0.05) * Math.log(share / 0.05), 0);
    for (let run = 0; run < runs; run++) {
      const reference = createDetectionReference(drawCounts(random, EVEN, 5_000), "numeric");
      const counts = new Array<number>(20).fill(0);
      for (let row = 0; row < 1_000; row++) {
        const value = normal() + shift;
        counts[edges.filter((edge) => edge < value).length]! += 1;
      }
      const { psiLower, psiUpper, location } = judgeWindow([{ reference, counts }], { variance: [1, 1] });
      if (psiLower! <= truth) held.psiLower += 1;
      if (psiUpper! >= truth) held.psiUpper += 1;
      if (location!.lower <= shift && location!.upper >= shift) held.location += 1;
    }
    for (const [bound, times] of Object.entries(held)) assert.ok(times >= 0.9 * runs, `${bound}: ${times} of ${runs}`);
    assert.ok(held.psiLower < runs && held.psiUpper < runs && held.location < runs, JSON.stringify(held));
  });
});

describe("calibration of the continuous verdict", () => {
  it("gives at most one false critical in A looks on average", () => {
    const alarmLooks = 1_000;
    const looks = 500;
    const streams = 60;
    let criticals = 0;
    for (let stream = 0; stream < streams; stream++) {
      const random = seededRandom(1_000 + stream);
      const reference = createDetectionReference(drawCounts(random, EVEN, 2_000), "numeric");
      const detector = new EDetector({ references: [reference], alarmLooks, initialVariance: [1, 1] });
      let state = "ok";
      for (let look = 0; look < looks && state !== "critical"; look++) {
        state = detector.look(drawCounts(random, EVEN, 10)).state;
      }
      if (state === "critical") criticals += 1;
    }
    assert.ok(criticals <= largestLikely(streams, looks / alarmLooks), `${criticals} of ${streams}`);
  });
});
