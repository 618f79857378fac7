import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createReservoir } from "../../src/sampling/reservoir.ts";

describe("createReservoir", () => {
  it("keeps each offer with the probability that it says", () => {
    const [size, offers, runs] = [5, 20, 20_000];
    const random = seededRandom(7);
    const kept = new Array<number>(offers).fill(0);
    const reservoir = createReservoir<number>(size, random);
    for (let run = 0; run < runs; run++) {
      for (let item = 0; item < offers; item++) if (reservoir.offer()) reservoir.put(item);
      const { items, probability } = reservoir.take();
      assert.deepEqual([items.length, probability], [size, size / offers]);
      for (const item of items) kept[item]! += 1;
    }
    const expected = (runs * size) / offers;
    const standardDeviation = Math.sqrt(expected * (1 - size / offers));
    for (const count of kept) assert.ok(Math.abs(count - expected) < 5 * standardDeviation, `${kept}`);
  });

  it("keeps all while there is room, with probability 1, and begins anew when taken", () => {
    const reservoir = createReservoir<string>(3, () => 0);
    for (let round = 0; round < 2; round++) {
      for (const item of ["a", "b"]) {
        assert.ok(reservoir.offer());
        assert.equal(reservoir.put(item), undefined);
      }
      assert.deepEqual(reservoir.take(), { items: ["a", "b"], probability: 1 });
    }
    assert.deepEqual(reservoir.take(), { items: [], probability: 1 });
  });

  it("hands back what had to leave", () => {
    const reservoir = createReservoir<string>(1, () => 0);
    const left = ["a", "b", "c"].map((item) => (reservoir.offer() ? reservoir.put(item) : "refused"));
    assert.deepEqual(left, [undefined, "a", "b"]);
  });
});

/** Park and Miller's generator; uniform in (0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
