import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, metric } from "@tidemark/semconv";
import { type Finding, type OutcomeGroup, signals } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const performance = signals.find((signal) => signal.name === "performance")!;
const reference = drawRows(31, 5_000);
const profile = profileOf(reference);

function score(findings: readonly Finding[], name: string): Finding {
  return findings.find((finding) => finding.target.name === name)!;
}

/** Labels that are right with the given probability, spread evenly. */
function rightly(share: number, rows: number): OutcomeGroup[] {
  const kinds = share < 1 ? [true, false] : [true];
  return kinds.map((right) => ({
    score: null,
    label: "late",
    value: null,
    outcomeKind: "class",
    outcomeLabel: right ? "late" : "on_time",
    outcomeValue: null,
    position: null,
    weight: 1,
    count: Math.round((right ? share : 1 - share) * rows),
  }));
}

test("accuracy is held against the reference's with its error grown by the tolerance", () => {
  const known = { ...profile, performance: { [metric.performanceAccuracy]: 0.8 } };
  const f = (share: number, rows: number, want: Finding["state"], model: Record<string, unknown> = {}) => {
    const aggregate = aggregateOf(drawRows(32, rows), known, { labelled: rightly(share, rows) });
    assert.equal(
      score(performance.judge(aggregate, contextOf(known, model)), "accuracy").state,
      want,
      `${share} of ${rows}`,
    );
  };
  f(0.8, 1_000, "ok");
  f(0.79, 1_000, "ok");
  f(0.77, 1_000, "ok");
  f(0.77, 10_000, "warning");
  f(0.74, 100, "ok");
  f(0.6, 1_000, "critical");
  f(0.6, 40, "insufficient_data");
  f(0.6, 1_000, "ok", { performance: { levels: { accuracy: { warning: 0.55 } } } });
  f(0.79, 10_000, "critical", { performance: { levels: { accuracy: { critical: 0.85 } } } });
  f(0.6, 1_000, "warning", { performance: { tolerance: { warning: 0.1, critical: 3 } } });
});

test("scores that repeat another one are judged only where lines are configured for them", () => {
  const known = { ...profile, performance: { [metric.performanceRecall]: 0.99 } };
  const aggregate = aggregateOf(drawRows(34, 1_000), known, { labelled: rightly(0.5, 1_000) });
  const recall = (model: Record<string, unknown>) =>
    score(performance.judge(aggregate, contextOf(known, model)), "recall");
  assert.equal(recall({}).state, null);
  assert.equal(recall({ performance: { levels: { recall: { critical: 1.5 } } } }).state, "critical");
});

test("a verdict waits for the outcomes, and says for how many", () => {
  const rows = drawRows(33, 1_000);
  const early = aggregateOf(rows, profile, { labelled: aggregateOf(rows.slice(0, 500), profile).labelled });
  const findings = performance.judge(early, contextOf(profile));
  assert.equal(score(findings, "accuracy").state, "insufficient_data");
  assert.match(score(findings, "accuracy").evidence.note, /waits until 90 % of the outcomes are known; 50 % are/);
  assert.equal(score(findings, "coverage").value, 0.5);
  assert.equal(score(findings, "delay").value, 7_200);
});

test("scores without a reference and without a level only describe", () => {
  const findings = performance.judge(aggregateOf(drawRows(34, 500), profile), contextOf(profile));
  assert.equal(score(findings, "accuracy").state, "ok");
  assert.equal(score(findings, "roc_auc").state, null);
  assert.equal(score(findings, "outcome_rate").state, null);
});

test("every score says that it comes from outcomes", () => {
  const findings = performance.judge(aggregateOf(drawRows(35, 500), profile), contextOf(profile));
  const scores = findings.filter((finding) => finding.target.kind === "prediction");
  assert.equal(scores.length, 15);
  for (const finding of scores) assert.equal(finding.attributes[attr.estimateSource], "realized");
});

test("a class that is missing leaves its scores without a value instead of a wrong one", () => {
  const labelled = rightly(1, 200);
  const findings = performance.judge(aggregateOf(drawRows(36, 200), profile, { labelled }), contextOf(profile));
  assert.equal(score(findings, "accuracy").value, 1);
  assert.equal(score(findings, "roc_auc").value, null);
  assert.match(score(findings, "roc_auc").evidence.note, /does not exist/);
});

test("a model of several classes has its accuracy and the means over its classes", () => {
  const several = {
    ...profile,
    positiveLabel: null,
    fields: profile.fields.filter((field) => field.target !== "outcome"),
  };
  const group = (label: string, outcomeLabel: string, count: number): OutcomeGroup => ({
    ...rightly(1, 1)[0]!,
    label,
    outcomeLabel,
    count,
  });
  const labelled = [group("a", "a", 60), group("b", "b", 20), group("b", "c", 10), group("c", "c", 10)];
  const findings = performance.judge(aggregateOf(drawRows(37, 100), several, { labelled }), contextOf(several));
  const want = {
    accuracy: 0.9,
    precision: (1 + 2 / 3 + 1) / 3,
    recall: (1 + 1 + 1 / 2) / 3,
    f1_score: (1 + 4 / 5 + 2 / 3) / 3,
  };
  for (const [name, value] of Object.entries(want)) {
    assert.ok(Math.abs(score(findings, name).value! - value) < 1e-12, `${name}: ${score(findings, name).value}`);
  }
});

test("a regression has its errors, and a model of several classes at least its accuracy", () => {
  const several = { ...profile, positiveLabel: null };
  const accuracy = performance.judge(
    aggregateOf(drawRows(37, 100), several, { labelled: rightly(0.75, 100) }),
    contextOf(several),
  );
  assert.equal(score(accuracy, "accuracy").value, 0.75);

  const regression = { ...profile, model: { ...profile.model, type: "regression" as const }, positiveLabel: null };
  const labelled = [1, 2, 3].map((error) => ({
    ...rightly(1, 100)[0]!,
    label: null,
    outcomeLabel: null,
    value: 10,
    outcomeValue: 10 + error,
  }));
  const errors = performance.judge(aggregateOf(drawRows(38, 300), regression, { labelled }), contextOf(regression));
  assert.equal(score(errors, "mae").value, 2);
  assert.ok(Math.abs(score(errors, "rmse").value! - Math.sqrt(14 / 3)) < 1e-12);
});

test("a window without any outcome takes the verdict of the one before back: it knows nothing", () => {
  const known = { ...profile, performance: { [metric.performanceAccuracy]: 0.8 } };
  const findings = performance.judge(aggregateOf([], known, { labelled: [] }), contextOf(known));
  const { value, state, threshold } = score(findings, "accuracy");
  assert.deepEqual([value, state], [null, "insufficient_data"]);
  assert.ok(Math.abs(threshold! - 0.75) < 1e-12);
  assert.equal(score(findings, "roc_auc"), undefined, "what carries no verdict says nothing");
});
