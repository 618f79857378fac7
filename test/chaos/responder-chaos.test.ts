import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenPromises } from "../../chaos/responder/broken-promises.ts";
import { chaosResponder } from "../../chaos/responder/chaos-responder.ts";
import { simulateRun } from "../../chaos/responder/simulate-run.ts";

test("the safeguards hold over crashes, replicas, repeated alerts and jumps of the clock", async () => {
  const { broken, counts } = await chaosResponder({ runs: 25, seed: 7, onRun: () => undefined });
  assert.deepEqual(broken, []);
  assert.ok(counts["crashes"]! > 50, "the runs were hard enough to say something");
  assert.ok(counts["requests that reached a target"]! > 50);
});

test("a promise that is broken is seen", async () => {
  const trace = await simulateRun("7/1");
  const [first] = trace.target.reached;
  assert.ok(first !== undefined);
  const repeated = { ...trace, target: { ...trace.target, reached: [...trace.target.reached, first] } };
  assert.match(brokenPromises(repeated).join("\n"), /reached its target twice/);
  const unapproved = { ...trace, audit: trace.audit.filter(({ kind }) => kind !== "ml.action.approved") };
  const acted = trace.actions.filter(({ rung, startedMs }) => rung !== "notify" && startedMs !== null);
  assert.equal(/without approval/.test(brokenPromises(unapproved).join("\n")), acted.length > 0);
});

test("equal seeds make equal runs", async () => {
  const [a, b] = [await simulateRun("same"), await simulateRun("same")];
  assert.deepEqual(a.actions, b.actions);
  assert.deepEqual(a.target.reached, b.target.reached);
});
