import assert from "node:assert/strict";
import { test } from "node:test";
import {
  averagePrecision,
  calibrationError,
  classificationScore,
  confusionMatrix,
  type Estimate,
  multiclassBrier,
  multiclassLogLoss,
  multiclassRocAuc,
  type ProbabilityRow,
  partialRocAuc,
  type RankedRow,
  rankingEstimates,
  rocAuc,
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
    multiclassBrier,
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

/** A binary model's rows: the score says the odds, bent by `bend` (1: calibrated). Rows of score below a half are kept one in two. */
function binaryRows(uniform: () => number, count: number, bend: number): RankedRow[] {
  return Array.from({ length: count }, () => {
    const score = uniform();
    return { score, positive: uniform() < score ** bend, weight: score < 0.5 ? 2 : 1 };
  }).flatMap((row) => (row.weight === 1 || uniform() < 0.5 ? [{ ...row, squaredWeight: row.weight ** 2 }] : []));
}

test("partial ROC AUC: the interval covers at 95 %, with weights, and up to a rate of 1 it is that of ROC AUC", () => {
  const uniform = seededUniform(35);
  for (const rate of [0.1, 0.3, 1]) {
    const truth = partialRocAuc(binaryRows(uniform, 60_000, 1), rate).value!;
    const share = cover(400, truth, () => partialRocAuc(binaryRows(uniform, 300, 1), rate));
    assert.ok(Math.abs(share - 0.95) < BAND, `${rate}: ${share}`);
  }
  const rows = binaryRows(uniform, 200, 1);
  const [part, whole] = [partialRocAuc(rows, 1), rocAuc(rows)];
  for (const member of ["value", "lower", "upper", "standardError"] as const) {
    assert.ok(Math.abs(part[member]! - whole[member]!) < 1e-12, member);
  }
  const separate = [0.1, 0.2, 0.8, 0.9].map((score) => ({ score, positive: score > 0.5, weight: 1, squaredWeight: 1 }));
  assert.equal(partialRocAuc(separate, 0.5).value, 1);
  assert.ok(partialRocAuc(separate, 0.5).lower! < 0.9);
});

test("calibration error: the intervals hold the true error at 95 % or more, of calibrated and of bent models", () => {
  const uniform = seededUniform(36);
  for (const bend of [1, 1.3, 3]) {
    for (const count of [60, 1_000]) {
      const everything = binaryRows(uniform, 200_000, bend);
      // Of a calibrated model the truth is 0, which no sample shows.
      const [expected, maximum] = bend === 1 ? [0, 0] : truthOf(everything);
      const draws = Array.from({ length: 200 }, () => calibrationError(binaryRows(uniform, count, bend)));
      let at = 0;
      const expectedShare = cover(200, expected, () => draws[at++]!.expected);
      at = 0;
      const maximumShare = cover(200, maximum, () => draws[at++]!.maximum);
      assert.ok(expectedShare > 0.91, `ECE, bend ${bend}, ${count} rows: ${expectedShare}`);
      assert.ok(maximumShare > 0.91, `MCE, bend ${bend}, ${count} rows: ${maximumShare}`);
    }
  }
});

function truthOf(rows: readonly RankedRow[]): [number, number] {
  const { expected, maximum } = calibrationError(rows);
  return [expected.value!, maximum.value!];
}

test("one query has a value without an interval, none has neither, and a wrong member is refused by name", () => {
  const query = { relevance: [1, 0], scores: [0.1, 0.9], weight: 1 };
  assert.ok(Math.abs(rankingEstimates([query]).ndcg.value! - 1 / Math.log2(3)) < 1e-12);
  assert.equal(rankingEstimates([query]).ndcg.lower, null);
  assert.equal(rankingEstimates([]).ndcg.value, null);
  assert.throws(() => rankingEstimates([{ ...query, weight: -1 }]), /queries\[0\]\.weight is -1/);
  assert.throws(() => rankingEstimates([{ ...query, scores: [Number.NaN, 1] }]), /scores\[0\] is NaN/);
  assert.throws(() => rankingEstimates([{ ...query, relevance: [1, Number.POSITIVE_INFINITY] }]), /relevance\[1\]/);
  assert.throws(() => rankingEstimates([{ ...query, scores: [1] }]), /scores has 1 entries/);
});
