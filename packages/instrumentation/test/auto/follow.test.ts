import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { follow, followSync } from "../../src/auto/follow.ts";
import type { CallInFlight } from "../../src/auto/library.ts";

function noted() {
  const ended: string[] = [];
  const call: CallInFlight = {
    end: (read) => void ended.push(`end ${JSON.stringify(read())}`),
    fail: (error) => void ended.push(`fail ${error}`),
  };
  return { call, ended };
}

const readers = { inputs: () => [], outputs: () => [] };

describe("follow", () => {
  it("gives the host a promise of its own, so that a rejection it forgets stays unhandled", async () => {
    const { call, ended } = noted();
    const original = Promise.reject(new RangeError("no"));
    const given = follow(call, () => original, readers);
    assert.notEqual(given, original);
    await assert.rejects(given, RangeError);
    assert.deepEqual(ended, ["fail RangeError: no"]);
  });

  it("ends the call before the host goes on", async () => {
    const { call, ended } = noted();
    assert.equal(await follow(call, async () => 7, readers), 7);
    assert.deepEqual(ended, ['end {"inputs":[],"outputs":[]}']);
  });

  it("ends a call that throws at once, and throws the same", () => {
    const { call, ended } = noted();
    const error = new RangeError("no");
    const fails = () => {
      throw error;
    };
    assert.throws(
      () => follow(call, fails, readers),
      (thrown) => thrown === error,
    );
    assert.throws(
      () => followSync(call, fails, readers),
      (thrown) => thrown === error,
    );
    assert.deepEqual(ended, ["fail RangeError: no", "fail RangeError: no"]);
  });
});
