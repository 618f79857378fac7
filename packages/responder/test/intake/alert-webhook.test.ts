import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { parseAlertWebhook } from "../../src/intake/alert-webhook.ts";

const NOW = Date.parse("2026-11-25T04:00:00Z");
const LABELS = { alertname: "ModelHealthCritical", severity: "critical", ml_model_name: "flight-delay" };

function alert(change: Record<string, unknown> = {}) {
  return { status: "firing", labels: LABELS, startsAt: "2026-11-25T03:59:00Z", fingerprint: "f1", ...change };
}

function options(expected: readonly string[]) {
  return { expected, heartbeat: "TidemarkHeartbeat", nowMs: NOW };
}

test("the alert that always fires is no case, and tells that alerting works", () => {
  const heartbeat = { alertname: "TidemarkHeartbeat", severity: "none" };
  const firing = parseAlertWebhook({ alerts: [alert({ labels: heartbeat })] }, options([]));
  assert.deepEqual([firing.isHeartbeat, firing.updates, firing.refused], [true, [], []]);
  const ended = parseAlertWebhook({ alerts: [alert({ labels: heartbeat, status: "resolved" })] }, options([]));
  assert.ok(!ended.isHeartbeat);
  assert.ok(!parseAlertWebhook({ alerts: [alert()] }, options([])).isHeartbeat);
});

test("what cannot be taken is refused by itself, with the reason", () => {
  const { updates, refused } = parseAlertWebhook(
    {
      version: "4",
      alerts: [
        alert(),
        alert({ labels: { alertname: "NodeDown" } }),
        alert({ labels: { ...LABELS, alertname: "Other" } }),
        alert({ startsAt: "2026-11-25T05:00:00Z" }),
        alert({ startsAt: "1970-01-01T00:00:00Z" }),
      ],
    },
    options(["ModelHealthCritical", "NodeDown"]),
  );
  assert.equal(updates.length, 1);
  assert.deepEqual(refused, [
    "NodeDown: it names no model (label ml_model_name)",
    "Other: not one of the alerts that are expected",
    "ModelHealthCritical: it starts in the future",
    "ModelHealthCritical: it started more than 40 days ago",
  ]);
});

test("Alertmanager's year 1 for an alert that still fires is no end", () => {
  const { updates } = parseAlertWebhook({ alerts: [alert({ endsAt: "0001-01-01T00:00:00Z" })] }, options([]));
  assert.equal(updates[0]!.endsMs, null);
});

test("a body of another form throws", () => {
  for (const body of [null, {}, { alerts: [{}] }, { alerts: [alert({ startsAt: "yesterday" })] }]) {
    assert.throws(() => parseAlertWebhook(body, options([])), z.ZodError);
  }
});
