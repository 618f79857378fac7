import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, metric } from "@tidemark/semconv";
import { type Finding, signals, type WindowAggregate } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const quality = signals.find((signal) => signal.name === "data_quality")!;
const plain = profileOf(
  drawRows(21, 10_000).map((row, index) => ({ ...row, distance: index % 50 === 0 ? null : row.distance })),
);

function rule(findings: readonly Finding[], name: string, ruleName: string): Finding {
  return findings.find((finding) => finding.target.name === name && finding.attributes[attr.qualityRule] === ruleName)!;
}

function withMissing(rows: readonly Row[], share: number): Row[] {
  return rows.map((row, index) => (index < share * rows.length ? { ...row, distance: null } : row));
}

test("the state of missing values follows their growth over the reference's 2 %", () => {
  const f = (share: number, rows: number, want: Finding["state"], allowed = 0) => {
    const aggregate = aggregateOf(withMissing(drawRows(22, rows), share), plain);
    const context = contextOf(plain, { quality: { allowed: { distance: { missing: allowed } } } });
    const finding = rule(quality.judge(aggregate, context), "distance", "missing");
    assert.equal(finding.state, want, `${share} of ${rows}: ${JSON.stringify(finding)}`);
  };
  f(0.02, 2_000, "ok");
  f(0, 2_000, "ok");
  f(0.028, 20_000, "ok");
  f(0.05, 500, "warning");
  f(0.2, 2_000, "critical");
  f(0.2, 2_000, "ok", 0.25);
  f(0.2, 30, "insufficient_data");
  f(1, 2_000, "critical");
});

test("missing values that the reference never had are found in large windows as in small ones", () => {
  const whole = profileOf(drawRows(21, 10_000));
  for (const rows of [1_000, 12_000]) {
    const aggregate = aggregateOf(withMissing(drawRows(22, rows), 0.03), whole);
    assert.equal(
      rule(quality.judge(aggregate, contextOf(whole)), "distance", "missing").state,
      "critical",
      `${rows} rows`,
    );
  }
});

test("categories never seen are counted against a reference that had none", () => {
  const rows = drawRows(23, 2_000).map((row, index) => (index % 20 === 0 ? { ...row, origin: "XXX" } : row));
  const finding = rule(quality.judge(aggregateOf(rows, plain), contextOf(plain)), "origin", "unseen_category");
  assert.equal(finding.state, "critical");
  assert.equal(finding.value, 0.05);
  assert.equal(finding.evidence.numbers["violations"], 100);
});

test("values beyond the outer fences are outliers where they are more than the reference had", () => {
  const f = (share: number, distance: number, want: Finding["state"]) => {
    const rows = drawRows(27, 2_000).map((row, index) => (index < share * 2_000 ? { ...row, distance } : row));
    const finding = rule(quality.judge(aggregateOf(rows, plain), contextOf(plain)), "distance", "outlier");
    assert.equal(finding.state, want, `${share} at ${distance}: ${JSON.stringify(finding)}`);
  };
  f(0, 0, "ok");
  f(0.1, 600, "ok");
  f(0.1, 1e9, "critical");
  f(0.1, -1, "critical");
  f(0.005, 1e9, "ok");
});

test("a feature that always says the same is constant, unless its reference does so too", () => {
  const f = (change: Partial<Row>, name: string, want: Finding["state"], profile = plain) => {
    const rows = drawRows(28, 1_000).map((row) => ({ ...row, ...change }));
    const finding = rule(quality.judge(aggregateOf(rows, profile), contextOf(profile)), name, "constant");
    assert.equal(finding.state, want, JSON.stringify(finding));
  };
  f({}, "distance", "ok");
  f({}, "origin", "ok");
  f({ distance: 550 }, "distance", "critical");
  f({ origin: "ATL" }, "origin", "critical");
  f({ origin: "ATL" }, "origin", "ok", profileOf(drawRows(29, 5_000).map((row) => ({ ...row, origin: "ATL" }))));
});

test("a category that should be there and is not is gone; one that may well be absent is not", () => {
  const f = (gone: string, count: number, want: Finding["state"], allowed = 0) => {
    const rows = drawRows(30, count).filter(({ origin }) => origin !== gone);
    const context = contextOf(plain, { quality: { allowed: { origin: { missing_category: allowed } } } });
    const finding = rule(quality.judge(aggregateOf(rows, plain), context), "origin", "missing_category");
    assert.equal(finding.state, want, `without ${gone} in ${count}: ${JSON.stringify(finding)}`);
    return finding.evidence.note;
  };
  f("none", 2_000, "ok");
  assert.match(f("DEN", 2_000, "warning"), /^gone: DEN; warns where/);
  f("ATL", 2_000, "critical");
  f("ATL", 2_000, "ok", 0.5);
  f("DEN", 120, "ok");
  f("DEN", 20, "insufficient_data");
});

test("missing values that belong to the hour are expected in that hour alone", () => {
  const atNight = (row: Row) => (row.hourOfWeek % 24 < 6 ? { ...row, distance: null } : row);
  const night = (rows: readonly Row[]) => rows.map((row, index) => (index % 2 === 0 ? atNight(row) : row));
  const seasonal = profileOf(night(drawRows(24, 10_000)), true);
  const f = (rows: readonly Row[], want: Finding["state"]) =>
    assert.equal(
      rule(quality.judge(aggregateOf(rows, seasonal), contextOf(seasonal)), "distance", "missing").state,
      want,
    );
  f(night(drawRows(25, 1_000, 6)), "ok");
  f(
    drawRows(26, 2_000).map((row) => (row.hourOfWeek % 24 >= 20 ? { ...row, distance: null } : row)),
    "critical",
  );
});

test("the volume is judged against the same window of the weeks before", () => {
  const f = (predictions: number, earlierPredictions: readonly number[], want: Finding["state"]) => {
    const aggregate: WindowAggregate = {
      ...aggregateOf([], plain),
      predictions,
      effectivePredictions: predictions,
      earlierPredictions,
    };
    const finding = rule(quality.judge(aggregate, contextOf(plain)), "volume", "volume");
    assert.equal(finding.metric, metric.windowSampleCount);
    assert.equal(finding.state, want, `${predictions} after ${earlierPredictions.join(", ")}`);
  };
  f(1_000, [], "insufficient_data");
  f(1_000, [1_000], "insufficient_data");
  f(980, [1_000, 1_010], "ok");
  f(450, [1_000, 1_010, 990], "warning");
  f(250, [1_000, 1_010, 990], "critical");
  f(0, [1_000, 1_010, 990], "no_data");
  f(2_500, [1_000, 1_010, 990], "warning");
  f(250, [1_000, 200, 1_900, 400], "ok");
  f(2, [6, 5], "ok");
});
