import assert from "node:assert/strict";
import { test } from "node:test";
import { plansOf } from "../../src/engine/plans-of.ts";
import { HOUR_MS, MINUTE_MS, startEngine } from "./start-engine.ts";

test("people are told what comes next, and why it does not come yet", async (t) => {
  const engine = startEngine(t, [
    { rung: "notify", action: "page" },
    { rung: "shift_traffic", action: "shift", after: "10m", unlessCause: ["silence"] },
  ]);
  const plan = () => {
    const [found] = engine.state.cases.list();
    const [next] = plansOf(engine.parts, found!);
    return next === undefined ? "nothing" : `${next.rung}, ${next.reason}`;
  };
  await engine.fire();
  assert.equal(plan(), "shift_traffic, the case has not been open for long enough");
  engine.processor.isAway = true;
  await engine.pass(HOUR_MS);
  assert.equal(plan(), "shift_traffic, the processor has not said what it knows");
  engine.processor.isAway = false;
  await engine.pass(MINUTE_MS);
  assert.equal(plan(), "shift_traffic, it is awaiting approval");
  await engine.kill(true);
  assert.equal(plan(), "shift_traffic, the kill switch is on");
  await engine.kill(false);
  await engine.decide(false);
  assert.equal(plan(), "null, shift_traffic is rejected");
  await engine.resolve();
  assert.equal(plan(), "nothing");
});
