import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createIdGenerator } from "../../src/ids/uuid-v7.ts";
import { isSampled } from "../../src/sampling/is-sampled.ts";

describe("isSampled", () => {
  it("keeps the stated share of generated and of consecutive ids", () => {
    const createId = createIdGenerator();
    const families = [(_row: number) => createId(978_307_200_000), (row: number) => `order-${row}`];
    for (const idOf of families) {
      const rows = 100_000;
      const probability = 0.1;
      let kept = 0;
      for (let row = 0; row < rows; row++) if (isSampled(idOf(row), probability)) kept++;
      const standardDeviation = Math.sqrt(rows * probability * (1 - probability));
      assert.ok(Math.abs(kept - rows * probability) < 4 * standardDeviation, `${kept} of ${rows}`);
    }
  });

  it("keeps under a higher probability whatever it keeps under a lower one", () => {
    for (let row = 0; row < 1_000; row++) {
      if (isSampled(`${row}`, 0.2)) assert.ok(isSampled(`${row}`, 0.5));
    }
  });

  it("decides an id as the README's definition of the hash does, so that any language can", () => {
    const reference = (id: string) => {
      let state = 0x811c9dc5n;
      const mask = 0xffffffffn;
      for (const character of id) state = ((state ^ BigInt(character.codePointAt(0)!)) * 0x01000193n) & mask;
      state = ((state ^ (state >> 16n)) * 0x85ebca6bn) & mask;
      state = ((state ^ (state >> 13n)) * 0xc2b2ae35n) & mask;
      return Number(state ^ (state >> 16n)) / 2 ** 32;
    };
    for (let row = 0; row < 1_000; row++) assert.equal(isSampled(`id-${row}`, 0.3), reference(`id-${row}`) < 0.3);
  });

  it("keeps all at 1", () => assert.ok(isSampled("any", 1)));
});
