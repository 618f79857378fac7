import assert from "node:assert/strict";
import { test } from "node:test";
import { metric } from "@tidemark/semconv";
import { type Finding, signals, type WindowAggregate } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const drift = signals.find((signal) => signal.name === "drift")!;
const reference = drawRows(11, 20_000);
const plain = profileOf(reference);
const seasonal = profileOf(reference, true);

function severity(findings: readonly Finding[], name: string): Finding {
  return findings.find((finding) => finding.metric === metric.driftSeverity && finding.target.name === name)!;
}

function value(findings: readonly Finding[], name: string, metricName: string): number {
  return findings.find((finding) => finding.metric === metricName && finding.target.name === name)!.value!;
}

test("in a stable world no field of 100 windows is critical and at most a few warn", () => {
  let warnings = 0;
  for (let seed = 0; seed < 50; seed++) {
    for (const profile of [plain, seasonal]) {
      const findings = drift.judge(aggregateOf(drawRows(1_000 + seed, 1_500), profile), contextOf(profile));
      const states = findings
        .filter((finding) => finding.metric === metric.driftSeverity)
        .map((finding) => finding.state);
      assert.ok(!states.includes("critical"), `seed ${seed}: ${states.join(", ")}`);
      warnings += states.filter((state) => state === "warning").length;
    }
  }
  assert.ok(warnings <= 4, `${warnings} warnings in 400 field windows`);
});

test("miles turned to kilometres make the distance critical, and nothing else", () => {
  const rows = drawRows(12, 3_000).map((row) => ({ ...row, distance: Math.round(row.distance! * 1.609344) }));
  for (const profile of [plain, seasonal]) {
    const findings = drift.judge(aggregateOf(rows, profile), contextOf(profile));
    assert.equal(severity(findings, "distance").state, "critical");
    assert.ok(severity(findings, "distance").value! > 1);
    assert.equal(severity(findings, "origin").state, "ok");
    assert.equal(value(findings, "features", metric.driftFeatureCount), 1);
  }
});

test("a window of night hours is not drift against a profile with a season, and is without one", () => {
  const night = drawRows(13, 2_000, 6);
  const hours = { window: { name: "6h", startMs: 0, endMs: 6 * 3_600_000 } };
  const judged = drift.judge(aggregateOf(night, seasonal, hours), contextOf(seasonal));
  assert.equal(severity(judged, "distance").state, "ok");
  assert.ok(value(judged, "distance", metric.driftPsi) < 0.05);
  const unseasoned = drift.judge(aggregateOf(night, plain, hours), contextOf(plain));
  assert.equal(severity(unseasoned, "distance").state, "critical");
  assert.ok(value(unseasoned, "distance", metric.driftPsi) > 0.2);
});

test("a user's threshold keeps a proved but small change at ok", () => {
  const rows = drawRows(14, 20_000).map((row) => ({ ...row, distance: Math.round(row.distance! * 1.08) }));
  const aggregate = aggregateOf(rows, plain);
  assert.equal(severity(drift.judge(aggregate, contextOf(plain)), "distance").state, "critical");
  const limited = contextOf(plain, { drift: { threshold: { metric: "psi", value: 0.1 } } });
  const finding = severity(drift.judge(aggregate, limited), "distance");
  assert.equal(finding.state, "ok");
  assert.ok(finding.value! < 1);
});

test("a verdict that the score test carries shows at least the line of its state", () => {
  const lines = { ok: 0, insufficient_data: 0, no_data: 0, warning: Math.log(200) / Math.log(1000), critical: 1 };
  const states = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const rows = drawRows(300 + seed, 600).map((row) => ({ ...row, distance: Math.round(row.distance! * 1.11) }));
    const {
      state,
      value: shown,
      evidence,
    } = severity(drift.judge(aggregateOf(rows, plain), contextOf(plain)), "distance");
    assert.ok(shown! >= lines[state!] - 1e-12, `${state} shows ${shown}`);
    const { logEvidence } = evidence.numbers;
    if (state === "warning" && logEvidence! < Math.log(200)) states.add("by the score test");
  }
  assert.ok(states.size > 0, "no warning came from the score test alone");
});

test("what whole weeks of the reference differ by is not drift", () => {
  const rows = drawRows(17, 20_000).map((row) => ({ ...row, distance: Math.round(row.distance! * 1.1) }));
  assert.equal(severity(drift.judge(aggregateOf(rows, seasonal), contextOf(seasonal)), "distance").state, "critical");
  const varying = {
    ...seasonal,
    fields: seasonal.fields.map((field) => ({
      ...field,
      varianceInflation: {
        ...field.varianceInflation,
        periods: { withinHour: [1, 1], hour: [0, 0], day: [0, 0], week: [0.04, 0.04] },
      },
    })),
  } as typeof seasonal;
  const ofWeek = severity(drift.judge(aggregateOf(rows, varying), contextOf(varying)), "distance");
  assert.equal(ofWeek.state, "ok");
  const day = { window: { name: "24h", startMs: 0, endMs: 24 * 3_600_000 } };
  const ofDay = severity(drift.judge(aggregateOf(rows, varying, day), contextOf(varying)), "distance");
  assert.equal(ofDay.state, "critical", "days have a variance of their own");
});

test("features left out by the configuration are not judged", () => {
  const ignoring = contextOf(plain, { drift: { ignore: ["distance"] } });
  const findings = drift.judge(aggregateOf(drawRows(15, 500), plain), ignoring);
  assert.equal(severity(findings, "distance"), undefined);
  assert.notEqual(severity(findings, "origin"), undefined);
});

test("what keeps a field from a verdict is said", () => {
  const f = (name: string, aggregate: WindowAggregate, want: [Finding["state"], RegExp]) => {
    const { state, evidence } = severity(drift.judge(aggregate, contextOf(plain)), name);
    assert.equal(state, want[0]);
    assert.match(evidence.note, want[1]);
  };
  const rows = drawRows(17, 400);
  f("distance", aggregateOf(rows.slice(0, 10), plain), ["insufficient_data", /needs 50 values/]);
  f("distance", aggregateOf([], plain), ["insufficient_data", /no predictions/]);
  f("distance", aggregateOf(rows, plain, { fields: [] }), ["no_data", /400 predictions came without/]);
  const blank = rows.map((row) => ({ ...row, distance: null }));
  f("distance", aggregateOf(blank, plain), ["insufficient_data", /none of the 400 values is usable/]);
  f("label", aggregateOf(rows, plain, { labelled: [] }), ["insufficient_data", /waits until 90 %/]);
});

test("certified bounds hold the distances of the bins", () => {
  const findings = drift.judge(aggregateOf(drawRows(18, 2_000), plain), contextOf(plain));
  const ks = findings.find(
    (finding) => finding.metric === metric.driftKsStatistic && finding.target.name === "distance",
  )!;
  assert.ok(ks.lower! <= ks.value! && ks.value! <= ks.upper!);
});

test("a sample of one row in ten proves as much as its rows do, not a tenth of that", () => {
  const rows = drawRows(15, 600).map((row) => ({ ...row, distance: Math.round(row.distance! * 1.609344) }));
  const whole = aggregateOf(rows, plain);
  const fields = whole.fields.map((field) => ({ ...field, source: "records" as const }));
  const sampled = { ...whole, fields, predictions: 10 * rows.length, effectivePredictions: rows.length };
  const expected = severity(drift.judge(whole, contextOf(plain)), "distance");
  assert.equal(expected.state, "critical");
  assert.deepEqual(severity(drift.judge(sampled, contextOf(plain)), "distance"), expected);
});
