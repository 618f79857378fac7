import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeriesGuard } from "../../src/pipeline/series-guard.ts";

const LIMITS = { model: 10, tenant: 15, process: 40 };
const HOUR_MS = 3_600_000;

/** Sends so many new series of a model; returns how many of them each bound refused. */
function send(guard: ReturnType<typeof createSeriesGuard>, tenant: string, model: string, count: number) {
  const refused: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const bound = guard.refuse(tenant, model, `${model} ${index}`);
    if (bound !== null) refused[bound] = (refused[bound] ?? 0) + 1;
  }
  return refused;
}

test("a tenant that makes up series of many models is held to its own bound, and others are not", () => {
  const guard = createSeriesGuard(() => 0, LIMITS);
  assert.deepEqual(send(guard, "acme", "a", 12), { model: 2 });
  assert.deepEqual(send(guard, "acme", "b", 12), { tenant: 7 });
  assert.deepEqual(send(guard, "acme", "a", 10), {}, "known series go on");
  assert.deepEqual(guard.usage("acme"), { series: 15, limit: 15 });
  assert.deepEqual(send(guard, "other", "a", 5), {});
  assert.deepEqual(guard.usage(), { series: 20, limit: 40 });
});

test("two tenants that flood leave room for a third", () => {
  const guard = createSeriesGuard(() => 0, { ...LIMITS, model: 100, tenant: 100 });
  assert.deepEqual(send(guard, "acme", "a", 50), { process: 29 }, "a little more than half of the bound while alone");
  assert.deepEqual(send(guard, "other", "a", 50), { process: 40 });
  assert.deepEqual(send(guard, "third", "a", 6), {});
});

test("however many tenants send, together they stay within the bound of the process", () => {
  const guard = createSeriesGuard(() => 0, LIMITS);
  for (let tenant = 0; tenant < 100; tenant++) send(guard, `t${tenant}`, "m", 30);
  assert.deepEqual(guard.usage(), { series: 40, limit: 40 });
});

test("an hour later every bound is new", () => {
  let nowMs = 0;
  const guard = createSeriesGuard(() => nowMs, LIMITS);
  assert.deepEqual(send(guard, "acme", "a", 12), { model: 2 });
  nowMs = HOUR_MS;
  assert.deepEqual(guard.usage(), { series: 0, limit: 40 });
  assert.deepEqual(send(guard, "acme", "a", 10), {});
});
