import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incident, Measurement } from "@tidemark/schema";
import fc from "fast-check";
import { proposeLines } from "../../src/quality/propose-lines.ts";
import type { Case } from "../../src/state/cases.ts";
import type { Feedback } from "../../src/state/feedback.ts";
import { testCase } from "../support.ts";

type Window = Pick<Measurement, "signal" | "target" | "metric"> & Partial<Measurement>;
type Verdict = Feedback["verdict"] | null;

/** Cases with one incident each, of the windows given; the alert is of the last window's state. */
function history(entries: readonly (readonly [Verdict, ...Window[]])[]) {
  const cases = entries.map(
    ([, ...windows], index): Case =>
      testCase({ id: `c${index}`, incident: `i${index}`, severity: windows.at(-1)!.state ?? "warning" }),
  );
  const feedback = entries.flatMap(([verdict], index): Feedback[] =>
    verdict === null ? [] : [{ caseId: `c${index}`, verdict, actor: "ada", reason: "seen", atMs: 0 }],
  );
  const incidents = entries.map(([, ...windows], index) => ({ id: `i${index}`, windows }) as unknown as Incident);
  return proposeLines(cases, feedback, incidents);
}

function drift(psiLower: number): Window {
  return {
    signal: "drift",
    target: { kind: "feature", name: "distance" },
    metric: "ml.drift.severity",
    attributes: {},
    state: "critical",
    evidence: { numbers: { psiLower }, note: "", bins: null },
  };
}

function accuracy(upper: number, reference: number, state: "warning" | "critical" = "warning"): Window {
  return {
    signal: "performance",
    target: { kind: "prediction", name: "accuracy" },
    metric: "ml.performance.accuracy",
    attributes: {},
    state,
    lower: upper - 0.02,
    upper,
    evidence: { numbers: { reference, warningLine: 0.8, criticalLine: 0.75 }, note: "", bins: null },
  };
}

test("the line removes the noise below the least useful alert, and says what it would have done", () => {
  const noise = [0.01, 0.02, 0.03, 0.2].map((psi) => ["noise", drift(psi)] as const);
  const useful = [0.09, 0.4].map((psi) => ["useful", drift(psi)] as const);
  const others = [
    [null, drift(0.05)],
    ["duplicate", drift(0.001)],
  ] as const;
  const [proposal, ...rest] = history([...noise, ...useful, ...others]);
  assert.deepEqual(rest, []);
  assert.deepEqual(proposal?.setting, ["drift", "threshold"]);
  assert.deepEqual(proposal.value, { metric: "psi", value: 0.06 });
  assert.deepEqual(proposal.noise, { removed: 3, of: 4 });
  assert.deepEqual(proposal.useful, { kept: 2, of: 2 });
  assert.deepEqual(proposal.unmarked, { removed: 1, of: 1 });
  assert.deepEqual(proposal.windows, { before: 7, after: 3 });
  assert.ok(Math.abs(proposal.lostAtMost - (1 - Math.sqrt(0.05))) < 1e-12);
});

test("a score that should be high gets a line below it", () => {
  const entries = [0.79, 0.785, 0.788].map((upper) => ["noise", accuracy(upper, 0.85)] as const);
  const [proposal] = history([...entries, ["useful", accuracy(0.7, 0.85)]]);
  assert.deepEqual(proposal?.setting, ["performance", "levels", "accuracy", "warning"]);
  assert.ok(typeof proposal.value === "number" && proposal.value < 0.785 && proposal.value >= 0.7);
});

test("a critical alert is held against the critical line, however it began", () => {
  const mild = [0.74, 0.745, 0.748].map(
    (upper) => ["noise", accuracy(0.79, 0.85), accuracy(upper, 0.85, "critical")] as const,
  );
  const [proposal, ...rest] = history([...mild, ["useful", accuracy(0.6, 0.85, "critical")]]);
  assert.deepEqual(rest, []);
  assert.deepEqual(proposal?.setting, ["performance", "levels", "accuracy", "critical"]);
  assert.deepEqual(proposal.noise, { removed: 3, of: 3 });
});

test("a line removes no alert that another setting raises too", () => {
  const missing: Window = {
    signal: "data_quality",
    target: { kind: "feature", name: "distance" },
    metric: "ml.data.missing_ratio",
    attributes: {},
    state: "critical",
    evidence: { numbers: {}, note: "", bins: null },
  };
  const mixed = [0.01, 0.02, 0.03].map((psi) => ["noise", missing, drift(psi)] as const);
  assert.deepEqual(history(mixed), []);
  const useful = ["useful", missing, drift(0.001)] as const;
  const alone = [0.01, 0.02, 0.03].map((psi) => ["noise", drift(psi)] as const);
  const [proposal] = history([...alone, useful]);
  assert.deepEqual(proposal?.useful, { kept: 1, of: 1 }, "it comes by the other setting all the same");
});

test("where useful alerts were milder than the noise there is no line", () => {
  assert.deepEqual(
    history([["useful", drift(0.01)], ...[0.2, 0.3, 0.4].map((psi) => ["noise", drift(psi)] as const)]),
    [],
  );
  assert.deepEqual(history([0.01, 0.02].map((psi) => ["noise", drift(psi)] as const)), [], "two are too few");
});

test("whatever the history, no proposal loses a useful alert, and each removes at least three of noise", () => {
  const entry = fc.tuple(fc.constantFrom<Verdict>("useful", "noise", null), fc.double({ min: 0, max: 2, noNaN: true }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
      for (const { value, noise, useful } of history(entries.map(([verdict, psi]) => [verdict, drift(psi)]))) {
        const line = (value as { value: number }).value;
        const count = (wanted: Verdict, isKept: boolean) =>
          entries.filter(([verdict, psi]) => verdict === wanted && psi >= line === isKept).length;
        assert.equal(count("useful", false), 0);
        assert.equal(useful.kept, count("useful", true));
        assert.equal(noise.removed, count("noise", false));
        assert.ok(noise.removed >= 3 && noise.removed * 2 >= noise.of);
      }
    }),
  );
});
