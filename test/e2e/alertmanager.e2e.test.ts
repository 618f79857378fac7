// deploy/alertmanager/alertmanager.yml in the real Alertmanager: who is told what, when, and what is silenced.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { alertmanagerConfig } from "./tools/alertmanager-config.ts";
import { freePorts } from "./tools/free-ports.ts";
import { ALERTMANAGER, goTool } from "./tools/go-tool.ts";
import { poll } from "./tools/poll.ts";
import { type ServerProcess, startServer } from "./tools/server-process.ts";
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from "./tools/webhook-receiver.ts";

/** The file's group_wait, and what a busy machine may add to it. */
const GROUP_WAIT_MS = 5_000;
const MARGIN_MS = 10_000;
/** The file's half hour is too long for a test. */
const ESCALATION_WAIT_MS = 12_000;

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-alertmanager-"));
let receiver: WebhookReceiver;
let alertmanager: ServerProcess;
let url: string;

const MODEL = { ml_model_name: "flight-delay", ml_model_version: "1", ml_window_name: "24h" };
const drift = (target: string, more: Record<string, string> = {}) => ({
  alertname: "ModelDriftCritical",
  severity: "critical",
  team: "data-science",
  subject: "drift",
  ...MODEL,
  ml_monitor_signal: "drift",
  ml_monitor_target: target,
  ...more,
});
const driftWarning = (target: string) => drift(target, { alertname: "ModelDriftWarning", severity: "warning" });

async function post(alerts: readonly Record<string, string>[], ended = false): Promise<void> {
  const body = alerts.map((labels) => ({
    labels,
    annotations: { summary: "test" },
    ...(ended ? { endsAt: new Date().toISOString() } : {}),
  }));
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

function delivered(to: string, matches: (labels: Readonly<Record<string, string>>) => boolean): Delivery[] {
  return receiver.deliveries.filter(
    (delivery) => delivery.receiver === to && delivery.alerts.some(({ labels }) => matches(labels)),
  );
}

const firstDelivered = (to: string, matches: (labels: Readonly<Record<string, string>>) => boolean, seconds = 30) =>
  poll(`a delivery to ${to}`, seconds, async () => delivered(to, matches)[0]);

async function inhibitedTargets(): Promise<string[]> {
  const answer = await fetch(`${url}/api/v2/alerts?active=false&inhibited=true&silenced=false&unprocessed=false`);
  const alerts = (await answer.json()) as { labels: Record<string, string> }[];
  return alerts.map(({ labels }) => `${labels["alertname"]} ${labels["ml_monitor_target"] ?? ""}`.trim()).toSorted();
}

before(async () => {
  receiver = await startWebhookReceiver();
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  writeFileSync(
    path.join(folder, "alertmanager.yml"),
    alertmanagerConfig({ url: receiver.url, escalationWait: `${ESCALATION_WAIT_MS / 1_000}s` }),
  );
  alertmanager = startServer(
    goTool(ALERTMANAGER),
    [
      "--config.file=alertmanager.yml",
      "--storage.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { cwd: folder },
  );
  await poll("Alertmanager is ready", 30, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined)).catch(
    (error) => {
      throw new Error(alertmanager.output(), { cause: error });
    },
  );
});

after(async () => {
  await alertmanager?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("alerts on one model and window are one message, within the group's wait, to those it concerns", async () => {
  const isDrift = ({ alertname }: Readonly<Record<string, string>>) => alertname === "ModelDriftCritical";
  const sentMs = Date.now();
  await post([drift("distance"), drift("origin"), drift("hour")]);
  for (const to of ["responder", "on-call", "data-science"]) {
    const delivery = await firstDelivered(to, isDrift);
    assert.equal(delivery.alerts.length, 3, to);
    const waited = delivery.atMs - sentMs;
    assert.ok(waited >= GROUP_WAIT_MS - 500 && waited <= GROUP_WAIT_MS + MARGIN_MS, `${to} after ${waited} ms`);
  }
  for (const to of ["service", "platform", "heartbeat", "nobody"]) assert.deepEqual(delivered(to, isDrift), [], to);

  const escalated = await firstDelivered("escalation", isDrift);
  assert.ok(escalated.atMs - sentMs >= ESCALATION_WAIT_MS - 500, "nobody is bothered before the wait has passed");
});

test("critical silences the warning of the same target, and of no other", async () => {
  await post([driftWarning("distance"), driftWarning("destination")]);
  const message = await firstDelivered("data-science", ({ alertname }) => alertname === "ModelDriftWarning");
  assert.deepEqual(
    message.alerts.map(({ labels }) => labels["ml_monitor_target"]),
    ["destination"],
  );
  assert.deepEqual(await inhibitedTargets(), ["ModelDriftWarning distance"]);
});

test("missing data silences what was said of the target before, and a silent model all of it", async () => {
  await post([
    { ...driftWarning("age"), ml_model_name: "churn" },
    { ...driftWarning("plan"), ml_model_name: "churn" },
    {
      ...drift("age"),
      ml_model_name: "churn",
      alertname: "ModelNoData",
      severity: "warning",
      team: "service",
      subject: "missing_data",
    },
  ]);
  const message = await firstDelivered("data-science", (labels) => labels["ml_model_name"] === "churn");
  assert.deepEqual(
    message.alerts.map(({ labels }) => labels["ml_monitor_target"]),
    ["plan"],
  );

  await post([
    {
      alertname: "ModelSilent",
      severity: "critical",
      team: "service",
      subject: "missing_data",
      ml_model_name: "fraud",
    },
    { ...drift("amount"), ml_model_name: "fraud" },
  ]);
  await firstDelivered("service", (labels) => labels["ml_model_name"] === "fraud");
  assert.deepEqual(
    delivered("data-science", (labels) => labels["ml_model_name"] === "fraud"),
    [],
  );
});

test("the heartbeat goes to the heartbeat alone, information to nobody who would wake", async () => {
  await post([
    { alertname: "TidemarkHeartbeat", severity: "none", team: "platform", subject: "heartbeat" },
    { ...drift("roc_auc"), alertname: "ModelInsufficientData", severity: "info", subject: "insufficient_data" },
  ]);
  await firstDelivered("heartbeat", ({ alertname }) => alertname === "TidemarkHeartbeat");
  await firstDelivered("nobody", ({ alertname }) => alertname === "ModelInsufficientData");
  for (const to of ["on-call", "platform", "data-science", "responder"]) {
    assert.deepEqual(
      delivered(to, ({ severity }) => severity === "none" || severity === "info"),
      [],
      to,
    );
  }
});

test("what has ended is told as resolved", async () => {
  await post([drift("distance"), drift("origin"), drift("hour")], true);
  const resolved = await poll("a resolved message", 90, async () =>
    receiver.deliveries.find(({ receiver: to, status }) => to === "data-science" && status === "resolved"),
  );
  assert.equal(resolved.alerts.length, 3);
});
