import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createIdGenerator } from "../../src/ids/uuid-v7.ts";

const timeOf = (id: string) => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);

describe("createIdGenerator", () => {
  it("makes UUIDs of version 7 whose time is the event time", () => {
    const createId = createIdGenerator();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (timeMs) => {
        const id = createId(timeMs);
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(timeOf(id), timeMs);
      }),
    );
  });

  it("makes ascending, distinct ids within a millisecond, past several pools of random bytes", () => {
    const createId = createIdGenerator();
    const ids = Array.from({ length: 5_000 }, () => createId(978_307_200_000));
    assert.deepEqual(ids, [...new Set(ids)].sort());
  });

  it("gives two generators different ids at the same time", () => {
    assert.notEqual(createIdGenerator()(1), createIdGenerator()(1));
  });

  it("takes a time that is none as 0 and a fraction as its whole millisecond", () => {
    const createId = createIdGenerator();
    for (const timeMs of [Number.NaN, -1, Infinity, 2 ** 48]) assert.equal(timeOf(createId(timeMs)), 0);
    assert.equal(timeOf(createId(12.9)), 12);
  });
});
