import assert from "node:assert/strict";
import { test } from "node:test";
import {
  averagePrecision,
  classificationScore,
  confusionMatrix,
  type Estimate,
  multiclassLogLoss,
  multiclassRocAuc,
  type ProbabilityRow,
  rankingEstimates,
  shareEstimate,
  type WeightedQuery,
} from "@tidemark/stats";
import { seededUniform } from "../random-rows.ts";

/** Share of samples whose interval holds the truth. */
function cover(rounds: number, truth: number, interval: () => { lower: number | null; upper: number | null }): number {
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    const { lower, upper } = interval();
    if (lower! <= truth && truth <= upper!) covered += 1;
  }
  return covered / rounds;
}

// Four standard errors of a share of 0.95 in 400 rounds are 0.044.
const BAND = 0.044;

/** Three classes; the scores lean to the true class. Rows of class 0 are kept one in two, with weight 2. */
function scoredRows(uniform: () => number, count: number, sampled: boolean): ProbabilityRow[] {
  return Array.from({ length: count }, () => {
    const actual = Math.floor(3 * uniform());
    const raw = [0, 1, 2].map((c) => uniform() + (c === actual ? 0.4 : 0));
    const total = raw.reduce((sum, value) => sum + value, 0);
    return { actual, scores: raw.map((value) => value / total), weight: 1 };
  }).flatMap((row) => {
    if (!sampled || row.actual > 0) return [row];
    return uniform() < 0.5 ? [{ ...row, weight: 2 }] : [];
  });
}

for (const comparison of ["ovr", "ovo"] as const) {
  test(`multi-class ROC AUC, ${comparison}: the interval covers at 95 %, also for rows sampled with weights`, () => {
    const uniform = seededUniform(31);
    const options = { comparison, average: "macro" } as const;
    const truth = multiclassRocAuc(scoredRows(uniform, 40_000, false), options).value!;
    for (const sampled of [false, true]) {
      const share = cover(400, truth, () => multiclassRocAuc(scoredRows(uniform, 150, sampled), options));
      assert.ok(Math.abs(share - 0.95) < BAND, `${comparison} ${sampled}: ${share}`);
    }
  });
}

test("NDCG over queries: the interval covers at 95 %", () => {
  const uniform = seededUniform(32);
  const query = (): WeightedQuery => {
    const relevance = Array.from({ length: 8 }, () => Math.floor(4 * uniform()));
    return { relevance, scores: relevance.map((gain) => gain / 3 + uniform()), weight: 1 };
  };
  const draw = (count: number) => rankingEstimates(Array.from({ length: count }, query), { k: 5 }).ndcg;
  const truth = draw(40_000).value!;
  const share = cover(400, truth, () => draw(60));
  assert.ok(Math.abs(share - 0.95) < BAND, `${share}`);
});

test("conversion rates: Wilson, Jeffreys and Agresti-Coull cover at 95 % on average over rates", () => {
  const uniform = seededUniform(33);
  for (const method of ["wilson", "jeffreys", "agresti-coull"] as const) {
    let covered = 0;
    const rates = [0.03, 0.1, 0.3, 0.5, 0.8];
    for (const rate of rates) {
      covered += cover(400, rate, () => {
        let hits = 0;
        for (let i = 0; i < 80; i++) if (uniform() < rate) hits += 1;
        return shareEstimate(hits, 80, 80, method);
      });
    }
    assert.ok(Math.abs(covered / rates.length - 0.95) < 0.025, `${method} ${covered / rates.length}`);
  }
});

test("agreement scores, average precision, log loss and calibration: intervals cover at about 95 %", () => {
  const uniform = seededUniform(34);
  const draw = (count: number) => scoredRows(uniform, count, false);
  const matrix = (rows: ProbabilityRow[]) =>
    confusionMatrix(
      rows.map(({ actual, scores }) => ({ actual, predicted: scores.indexOf(Math.max(...scores)), weight: 1 })),
      3,
    );
  const binary = (rows: ProbabilityRow[]) =>
    rows.map(({ actual, scores }) => ({ score: scores[0]!, positive: actual === 0, weight: 1, squaredWeight: 1 }));
  const scores: Readonly<Record<string, (rows: ProbabilityRow[]) => Estimate>> = {
    matthews: (rows) => classificationScore(matrix(rows), { kind: "matthews" }),
    kappa: (rows) => classificationScore(matrix(rows), { kind: "kappa" }),
    balancedAccuracy: (rows) => classificationScore(matrix(rows), { kind: "balanced_accuracy" }),
    macroF: (rows) => classificationScore(matrix(rows), { kind: "f", average: "macro" }),
    weightedPrecision: (rows) => classificationScore(matrix(rows), { kind: "precision", average: "weighted" }),
    multiclassLogLoss,
    averagePrecision: (rows) => averagePrecision(binary(rows)),
  };
  const everything = draw(40_000);
  for (const [name, score] of Object.entries(scores)) {
    const share = cover(400, score(everything).value!, () => score(draw(200)));
    // Boyd's interval of average precision is wider than it need be.
    assert.ok(share > 0.95 - BAND && share < (name === "averagePrecision" ? 1.01 : 0.95 + BAND), `${name} ${share}`);
  }
});

test("one query has a value without an interval, none has neither, and a wrong member is refused by name", () => {
  const query = { relevance: [1, 0], scores: [0.1, 0.9], weight: 1 };
  assert.ok(Math.abs(rankingEstimates([query]).ndcg.value! - 1 / Math.log2(3)) < 1e-12);
  assert.equal(rankingEstimates([query]).ndcg.lower, null);
  assert.equal(rankingEstimates([]).ndcg.value, null);
  assert.throws(() => rankingEstimates([{ ...query, weight: -1 }]), /groups\[0\]\.weight is -1/);
  assert.throws(() => rankingEstimates([{ ...query, scores: [Number.NaN, 1] }]), /scores\[0\] is NaN/);
  assert.throws(() => rankingEstimates([{ ...query, relevance: [1, Number.POSITIVE_INFINITY] }]), /relevance\[1\]/);
  assert.throws(() => rankingEstimates([{ ...query, scores: [1] }]), /scores has 1 entries/);
});
