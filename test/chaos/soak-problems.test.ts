import assert from "node:assert/strict";
import { test } from "node:test";
import { type SoakSample, soakProblems } from "../../chaos/soak/soak-problems.ts";

const steady: SoakSample = {
  residentBytes: 600e6,
  latencyMs: 150,
  handles: 60,
  engineFiles: 500,
  answered: 50,
  refused: 0,
};

function soak(change: (index: number) => Partial<SoakSample>): string {
  return soakProblems(Array.from({ length: 50 }, (_, index) => ({ ...steady, ...change(index) }))).join("; ");
}

test("what is flat has no problem, and what is not is named", () => {
  assert.equal(
    soak(() => ({})),
    "",
  );
  assert.equal(
    soak((index) => ({ residentBytes: index < 10 ? 300e6 : 600e6 })),
    "",
    "the start does not count",
  );
  assert.match(
    soak((index) => ({ residentBytes: 600e6 + index * 10e6 })),
    /memory grew/,
  );
  assert.match(
    soak((index) => ({ latencyMs: 150 + index * 30 })),
    /latency grew/,
  );
  assert.match(
    soak((index) => ({ handles: 60 + index * 2 })),
    /open files grew/,
  );
  assert.match(
    soak((index) => ({ engineFiles: 500 + index * 20 })),
    /held 1480 files open/,
  );
  assert.match(
    soak(() => ({ refused: 1 })),
    /1 requests were not answered 200/,
  );
  assert.match(soakProblems([steady]).join(), /too few/);
});
