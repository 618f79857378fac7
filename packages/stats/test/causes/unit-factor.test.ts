import assert from "node:assert/strict";
import { test } from "node:test";
import { unitFactor } from "../../src/causes/unit-factor.ts";

/** Delays in minutes, of which a week with `shift` has others. */
const delays = (rows: number, shift = 0) =>
  Array.from({ length: rows }, (_, i) => -10 + shift + ((i * 617) % 997) / 10 + (i % 9 === 0 ? 60 : 0));

test("values in another unit are known by the factor, also in a week that is unlike the others as weeks are", () => {
  const usual = delays(4_000);
  assert.equal(
    unitFactor(
      usual,
      delays(2_000).map((value) => value * 60),
    ),
    60,
  );
  // 0.15 away from the others by itself, twice what those differ by.
  const unusual = delays(2_000, 15).map((value) => value * 60);
  assert.equal(unitFactor(usual, unusual, 0.08), 60);
  assert.equal(unitFactor(usual, unusual, 0.01), null);
});

test("a factor that the world may bring about has to leave what is usual", () => {
  const usual = delays(4_000);
  const longer = delays(2_000, 15).map((value) => value * 4);
  assert.equal(
    unitFactor(
      usual,
      delays(2_000).map((value) => value * 4),
      0.08,
    ),
    4,
  );
  assert.equal(unitFactor(usual, longer, 0.08), null);
});
