import assert from "node:assert/strict";
import { test } from "node:test";
import { errorChanges } from "../../src/estimation/error-changes.ts";
import { createRandom } from "../support/random.ts";

const HOUR_MS = 3_600_000;

function stream(seed: number, count: number, rateAt: (i: number) => number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => ({ atMs: i * HOUR_MS, isWrong: random() < rateAt(i) }));
}

const reference = Uint8Array.from(
  stream(1, 5_000, () => 0.2),
  ({ isWrong }) => (isWrong ? 1 : 0),
);

test("a rise of the errors is found by every detector, near where it began", () => {
  const { atMs, window } = errorChanges(
    reference,
    stream(2, 2_000, (i) => (i < 800 ? 0.2 : 0.45)),
  );
  for (const [name, at] of Object.entries(atMs)) {
    assert.ok(at !== null && at >= 800 * HOUR_MS && at < 1_600 * HOUR_MS, `${name} at row ${(at ?? -1) / HOUR_MS}`);
  }
  assert.ok(window > 0.3);
});

test("two detectors agree on a rise in at most one of 40 windows without one, and on none where errors fall", () => {
  const agreeing = (rate: number) =>
    Array.from({ length: 40 }, (_, k) =>
      errorChanges(
        reference,
        stream(100 + k, 2_000, () => rate),
      ),
    ).filter(({ atMs }) => Object.values(atMs).filter((at) => at !== null).length >= 2).length;
  assert.ok(agreeing(0.2) <= 1, `${agreeing(0.2)} of 40`);
  assert.equal(agreeing(0.1), 0);
});
