import assert from "node:assert/strict";
import { test } from "node:test";
import { compareIds } from "../../chaos/store/check-ledger.ts";

test("a lost, a doubled and a foreign prediction are seen; one without an answer may be there or not", () => {
  const ledger = { sent: new Set(["a", "b", "c"]), acknowledged: new Set(["a", "b"]) };
  const f = (ids: string[], want: RegExp | null) => {
    const problems = compareIds(ids, ledger).join("; ");
    if (want === null) assert.equal(problems, "");
    else assert.match(problems, want);
  };
  f(["a", "b"], null);
  f(["c", "b", "a"], null);
  f(["a", "c"], /1 acknowledged predictions are lost, such as b/);
  f(["a", "b", "b"], /1 predictions are counted twice/);
  f(["a", "b", "d"], /1 predictions that nobody sent, such as d/);
});
