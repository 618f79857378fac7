import assert from "node:assert/strict";
import { test } from "node:test";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { createMemoryGuard } from "../../src/receive/memory-guard.ts";

test("below half of the bound everyone may take; above it whoever holds more than an equal part waits", () => {
  const shares = createFairShare(1_000);
  shares.take("flood", 500);
  assert.equal(shares.isOver("flood"), false);
  shares.take("flood", 100);
  assert.equal(shares.isOver("flood"), true);
  assert.equal(shares.isOver("newcomer"), false);
  shares.take("newcomer", 50);
  assert.equal(shares.isOver("newcomer"), false);
  shares.give("flood", 600);
  assert.equal(shares.isOver("flood"), false);
});

test("under a flood of one tenant every other one is served", () => {
  const shares = createFairShare(1_000_000);
  const served = new Map<string, number>();
  // The flood asks a hundred times as often; what is taken leaves in the order it came.
  const queue: [name: string, bytes: number][] = [];
  for (let turn = 0; turn < 100_000; turn++) {
    const name = turn % 100 === 0 ? `tenant-${(turn / 100) % 5}` : "flood";
    if (!shares.isOver(name)) {
      shares.take(name, 10_000);
      queue.push([name, 10_000]);
      served.set(name, (served.get(name) ?? 0) + 1);
    }
    if (turn % 10 === 0 && queue.length > 0) shares.give(...queue.shift()!);
  }
  for (let tenant = 0; tenant < 5; tenant++) assert.equal(served.get(`tenant-${tenant}`), 200, `tenant-${tenant}`);
  assert.ok(served.get("flood")! > 5_000, "the flood has what the others leave");
});

test("a body is decoded only where the heap has room for what it becomes, beside what answers have set aside", () => {
  const guard = createMemoryGuard(() => ({ heap_size_limit: 1_000_000_000, used_heap_size: 200_000_000 }));
  assert.equal(guard.canDecode(30_000_000, "json"), true);
  assert.equal(guard.canDecode(40_000_000, "json"), false);
  assert.equal(guard.canDecode(64_000_000, "protobuf"), true);
  const release = guard.reserve(400_000_000);
  assert.equal(guard.canDecode(30_000_000, "json"), false);
  assert.equal(guard.reserve(400_000_000), null);
  release!();
  assert.equal(guard.canDecode(30_000_000, "json"), true);
});
