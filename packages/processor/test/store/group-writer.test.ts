import assert from "node:assert/strict";
import { test } from "node:test";
import { createGroupWriter } from "../../src/store/group-writer.ts";

test("what is handed in while an insert runs goes together with the next, and each waits for its own", async () => {
  const inserts: (readonly number[])[] = [];
  let release = () => {};
  const write = createGroupWriter<number>((items) => {
    inserts.push(items);
    return new Promise((resolve) => {
      release = resolve;
    });
  });
  const first = write([1]);
  await Promise.resolve();
  const others = [write([2]), write([3, 4])];
  assert.deepEqual(inserts, [[1]]);
  release();
  await first;
  await new Promise(setImmediate);
  assert.deepEqual(inserts, [[1], [2, 3, 4]]);
  release();
  await Promise.all(others);
});

test("after a failure its writers are told, and the next insert is tried", async () => {
  let isBroken = true;
  const write = createGroupWriter<number>(() => (isBroken ? Promise.reject(new Error("full")) : Promise.resolve()));
  await assert.rejects(write([1]), /full/);
  isBroken = false;
  await write([2]);
});

test("more items than a call may have arguments are one insert", async () => {
  const sizes: number[] = [];
  const write = createGroupWriter<number>(async (items) => void sizes.push(items.length));
  await write(Array.from({ length: 300_000 }, (_, index) => index));
  assert.deepEqual(sizes, [300_000]);
});
