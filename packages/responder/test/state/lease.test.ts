import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createLease } from "../../src/state/lease.ts";

test("one replica holds it at a time, and a new holder has a new fence", () => {
  const database = openDatabase(":memory:");
  const [one, two] = [createLease(database, "one", 100), createLease(database, "two", 100)];
  assert.equal(one.hold(0), 1);
  assert.equal(one.hold(50), 1);
  assert.equal(two.hold(149), null);
  assert.equal(two.hold(150), 2);
  assert.equal(one.hold(160), null);
  two.release();
  assert.equal(one.hold(160), 3);
});

test("it tells since when somebody was there, over a change of hands and not over a gap", () => {
  const database = openDatabase(":memory:");
  const [one, two] = [createLease(database, "one", 100), createLease(database, "two", 100)];
  assert.equal(one.heldSinceMs(), 0);
  one.hold(1_000);
  one.hold(1_090);
  one.release();
  two.hold(1_100);
  assert.equal(two.heldSinceMs(), 1_000);
  two.hold(1_200);
  assert.equal(two.heldSinceMs(), 1_200);
});
