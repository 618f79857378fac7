import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsText } from "../../src/http/metrics-text.ts";
import { createWebhookCounts } from "../../src/http/webhook-counts.ts";
import { HOUR_MS, MINUTE_MS, startEngine } from "../engine/start-engine.ts";

test("what came of actions is counted once and never taken back", async (t) => {
  const engine = startEngine(t, [{ rung: "shift_traffic", action: "shift", verifyAfter: "10m", undo: true }]);
  const counts = () => {
    const lines = metricsText(engine.parts, {
      counts: createWebhookCounts(),
      canary: null,
      isHolder: true,
      withModels: false,
    }).split("\n");
    return lines.filter((line) => /^(ml_action_executions_total|ml_alert_active)\{/.test(line));
  };
  await engine.fire();
  await engine.pass(HOUR_MS);
  await engine.decide(true);
  const succeeded = 'ml_action_executions_total{type="shift_traffic",result="succeeded"} 1';
  const expired = 'ml_action_executions_total{type="shift_traffic",result="expired"} 1';
  const active = 'ml_alert_active{severity="critical"} 1';
  assert.deepEqual(counts(), [active, expired, succeeded]);
  await engine.pass(10 * MINUTE_MS);
  const undone = 'ml_action_executions_total{type="shift_traffic",result="undone"} 1';
  assert.deepEqual(counts(), [active, expired, succeeded, undone]);
});
