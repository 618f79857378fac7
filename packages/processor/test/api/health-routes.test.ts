import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { healthRoutes } from "../../src/api/health-routes.ts";
import type { RouteCall } from "../../src/api/routes.ts";

test("a store that does not answer is not ready, and the probe learns it in time", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const routes = healthRoutes({
    metricsText: () => assert.fail("not asked for"),
    checkStore: () => new Promise(() => undefined),
    isDraining: () => false,
  });
  const ready = routes.find(({ path }) => path === "/readyz")!;
  const answer = ready.answer({} as RouteCall);
  mock.timers.tick(2_500);
  const { status, body } = await answer;
  assert.equal(status, 503);
  assert.match(String(body), /the store has not answered for 2.5 s/);
});
