import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAtATime } from "../src/one-at-a-time.ts";

test("calls run one after the other in their order, also past one that fails", async () => {
  const told: string[] = [];
  const gates = new Map<string, () => void>();
  const work = oneAtATime(async (name: string) => {
    told.push(`begin ${name}`);
    await new Promise<void>((resolve) => gates.set(name, resolve));
    told.push(`end ${name}`);
    if (name === "b") throw new Error("no luck");
    return name;
  });
  const results = [work("a"), work("b"), work("c")].map((each) => each.catch((error: Error) => error.message));
  for (const name of ["a", "b", "c"]) {
    while (!gates.has(name)) await new Promise(setImmediate);
    assert.equal(told.at(-1), `begin ${name}`);
    gates.get(name)!();
  }
  assert.deepEqual(await Promise.all(results), ["a", "no luck", "c"]);
  assert.deepEqual(told, ["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
});
