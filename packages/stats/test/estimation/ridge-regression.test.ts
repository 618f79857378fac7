import assert from "node:assert/strict";
import { test } from "node:test";
import { linearPredictors, ridgeLogistic, seededUniform, sigmoid } from "@tidemark/stats";

/** Rows of which a share comes true, mostly those whose number is high; the log-odds of right probabilities, as an outcome model has them. */
function rareRows(seed: number, rate: number) {
  const random = seededUniform(seed);
  const count = 8_000;
  const codes = Array.from({ length: count }, () => [Math.floor(6 * random()), Math.floor(4 * random())]);
  const odds = Float64Array.from({ length: count }, () => {
    const away = -Math.log(random());
    return Math.log(rate / (1 - rate)) - 6 * away + (random() < rate ? 14 : 0);
  });
  const outcomes = Uint8Array.from(odds, (t) => (random() < sigmoid(t) ? 1 : 0));
  return { rows: { codes, sizes: [6, 4], numeric: odds.map((t) => t / 3) }, outcomes };
}

test("rare outcomes that are far from the mean are fitted to where the penalised likelihood is highest", () => {
  const penalty = 3;
  for (const rate of [0.5, 0.05, 0.01]) {
    for (let seed = 1; seed <= 10; seed++) {
      const { rows, outcomes } = rareRows(seed, rate);
      const beta = ridgeLogistic(rows, outcomes, { penalty });
      const residuals = linearPredictors(rows, beta).map((t, i) => outcomes[i]! - sigmoid(t));
      // There the residuals of the intercept sum to none, and those of the numbers to the penalty's pull.
      const sum = residuals.reduce((total, residual) => total + residual, 0);
      const pull = residuals.reduce((total, residual, i) => total + residual * rows.numeric[i]!, 0);
      assert.ok(Math.abs(sum) < 1e-3, `${rate} ${seed}: residuals sum to ${sum}`);
      assert.ok(
        Math.abs(pull - penalty * beta.at(-1)!) < 1e-3,
        `${rate} ${seed}: ${pull} beside ${penalty * beta.at(-1)!}`,
      );
    }
  }
});
