import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { chiSquareUpperTail } from "../../src/distributions/chi-square-upper-tail.ts";

describe("chiSquareUpperTail", () => {
  it("equals the closed form for even degrees of freedom down to 1e-300", () => {
    for (const x of [0.001, 1, 10, 100, 700, 1380]) {
      const half = x / 2;
      const rows: [number, number][] = [
        [2, Math.exp(-half)],
        [4, Math.exp(-half) * (1 + half)],
        [6, Math.exp(-half) * (1 + half + half ** 2 / 2)],
      ];
      for (const [degrees, want] of rows) {
        assert.ok(Math.abs(chiSquareUpperTail(x, degrees) / want - 1) < 1e-9, `${x} with ${degrees}`);
      }
    }
  });

  it("is 1 at 0 and 0 at infinity", () => {
    assert.deepEqual([chiSquareUpperTail(0, 3), chiSquareUpperTail(Infinity, 3)], [1, 0]);
  });
});
