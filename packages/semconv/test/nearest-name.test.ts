import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "@tidemark/semconv";

test("a name is suggested only where a slip is likely", () => {
  assert.equal(nearestName("distnace", ["distance", "origin"]), "distance");
  assert.equal(nearestName("zzz", ["distance", "origin"]), null);
});
