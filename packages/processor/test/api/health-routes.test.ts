import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { healthRoutes } from "../../src/api/health-routes.ts";
import type { RouteCall } from "../../src/api/routes.ts";

test("a store that does not answer is not ready, and the probe learns it in time", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const routes = healthRoutes({
    metricsText: () => assert.fail("not asked for"),
    checkStore: () => new Promise(() => undefined),
    kafka: () => null,
    onStoreFailure: () => assert.fail("it has not failed"),
    isDraining: () => false,
    now: () => 0,
  });
  const ready = routes.find(({ path }) => path === "/readyz")!;
  const answer = ready.answer({} as RouteCall);
  mock.timers.tick(2_500);
  const { status, body } = await answer;
  assert.equal(status, 503);
  assert.match(String(body), /the store has not answered for 2.5 s/);
});

test("why the store fails is told in words to act on, and never in the engine's", async () => {
  const bodyOf = async (error: Error) => {
    const routes = healthRoutes({
      metricsText: () => assert.fail("not asked for"),
      checkStore: () => Promise.reject(error),
      kafka: () => null,
      onStoreFailure: () => undefined,
      isDraining: () => false,
      now: () => 0,
    });
    return String((await routes.find(({ path }) => path === "/readyz")!.answer({} as RouteCall)).body);
  };
  assert.match(await bodyOf(new TidemarkError("storeFull", "the disk is full")), /the disk is full/);
  assert.match(await bodyOf(new Error("Code: 60. DB::Exception")), /"the store fails; the log says why"/);
});

test("whoever asks often makes the store look at most once at a time, and once a second", async () => {
  let looks = 0;
  const failures: unknown[] = [];
  let nowMs = 0;
  let answerStore: (error?: Error) => void = () => assert.fail("nobody asked the store");
  const routes = healthRoutes({
    metricsText: () => assert.fail("not asked for"),
    checkStore: () =>
      new Promise((resolve, reject) => {
        looks++;
        answerStore = (error) => (error === undefined ? resolve({}) : reject(error));
      }),
    kafka: () => null,
    onStoreFailure: (error) => failures.push(error),
    isDraining: () => false,
    now: () => nowMs,
  });
  const ready = routes.find(({ path }) => path === "/readyz")!;
  const ask = async () => (await ready.answer({} as RouteCall)).status;
  const hanging = Array.from({ length: 50 }, ask);
  nowMs = 5_000;
  hanging.push(...Array.from({ length: 50 }, ask));
  const failure = new Error("Code: 60. DB::Exception: Unknown table");
  answerStore(failure);
  assert.deepEqual([...new Set(await Promise.all(hanging)), looks], [503, 1]);
  assert.deepEqual(failures, [failure]);
  const asked = ask();
  answerStore();
  assert.deepEqual([await asked, looks], [200, 2]);
  nowMs = 5_900;
  assert.deepEqual([await ask(), looks], [200, 2]);
});
