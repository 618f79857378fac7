import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { signatureOf } from "../../src/act/webhook.ts";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import type { AlertingRecord } from "../../src/quality/alerting-record.ts";
import { startResponder } from "../../src/start-responder.ts";
import type { Action } from "../../src/state/actions.ts";
import type { Case } from "../../src/state/cases.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { startQuietProcessor } from "../quiet-processor.ts";
import { alertUpdate, TOKENS, testConfig, tokenFolder } from "../support.ts";

const FLAGS = { flags: { model: { defaultVariant: "new", variants: { old: 1, new: 2 } } } };

async function start(t: TestContext, change: Record<string, unknown> = {}) {
  const folder = tokenFolder(t);
  writeFileSync(path.join(folder, "flags.json"), JSON.stringify(FLAGS));
  const processor = await startQuietProcessor();
  const config = testConfig({
    processor: processor.url,
    actions: { back: { type: "flag", file: "flags.json", flag: "model", variant: "old" } },
    policies: [{ name: "p", models: ["*"], steps: [{ rung: "shift_traffic", action: "back" }] }],
    ...change,
  });
  const responder = await startResponder({ config, directory: folder, logger: pino({ enabled: false }), tickMs: 20 });
  t.after(async () => {
    await responder.close();
    processor.close();
  });
  const { url } = responder;
  const call = (method: string, where: string, token: string | null, body?: unknown) =>
    fetch(`${url}${where}`, {
      method,
      headers: { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const variant = () => JSON.parse(readFileSync(path.join(folder, "flags.json"), "utf8")).flags.model.defaultVariant;
  return { url, folder, call, variant };
}

function webhookBody() {
  const labels = {
    alertname: "ModelHealthCritical",
    severity: "critical",
    ml_model_name: "m",
    ml_monitor_signal: "drift",
  };
  return { alerts: [{ status: "firing", labels, startsAt: new Date().toISOString(), fingerprint: "f" }] };
}

type Call = Awaited<ReturnType<typeof start>>["call"];

async function waitingAction(call: Call): Promise<Action> {
  return poll(async () => {
    const { waiting } = (await (await call("GET", "/v1/cases", TOKENS.ada)).json()) as { waiting: Action[] };
    return waiting[0];
  });
}

async function poll<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error("it did not come in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("from alert to approved action: the operator may, the business may not", async (t) => {
  const { call, variant } = await start(t);
  assert.equal((await call("POST", "/webhooks/alertmanager", TOKENS.hook, webhookBody())).status, 200);
  const { id, caseId } = await waitingAction(call);
  assert.equal((await call("POST", `/v1/actions/${id}/approve`, TOKENS.bob, { reason: "x" })).status, 403);
  assert.equal((await call("POST", `/v1/actions/${id}/approve`, TOKENS.ada, { reason: "" })).status, 400);
  assert.equal(variant(), "new");
  assert.equal((await call("POST", `/v1/actions/${id}/approve`, TOKENS.ada, { reason: "healthy" })).status, 200);
  await poll(async () => (variant() === "old" ? true : undefined));
  assert.equal((await call("POST", `/v1/actions/${id}/reject`, TOKENS.ada, { reason: "late" })).status, 409);
  const shown = (await (await call("GET", `/v1/cases/${caseId}`, TOKENS.bob)).json()) as {
    audit: { kind: string; actor: string }[];
  };
  const kinds = shown.audit.map(({ kind, actor }) => `${actor} ${kind}`);
  assert.ok(kinds.includes("bob approval.refused") && kinds.includes("ada ml.action.approved"), kinds.join("\n"));
});

test("a dry run says what it would do, and whom it would ask, and does nothing", async (t) => {
  const { call, variant } = await start(t, { dryRun: true });
  await call("POST", "/webhooks/grafana", TOKENS.hook, webhookBody());
  const action = await poll(async () => {
    const { cases } = (await (await call("GET", "/v1/cases", TOKENS.ada)).json()) as { cases: Case[] };
    const detail = await call("GET", `/v1/cases/${cases[0]?.id}`, TOKENS.ada);
    const { actions = [] } = (await detail.json()) as { actions?: Action[] };
    return actions.find(({ status }) => status === "dry_run");
  });
  assert.equal(action.result, "would run back once a person of operations has approved");
  assert.equal(variant(), "new");
});

test("webhooks without a token, with a wrong one, replayed or stale are refused and on the audit log", async (t) => {
  const { url, call } = await start(t);
  const body = JSON.stringify(webhookBody());
  const signed = (seconds: number) =>
    fetch(`${url}/webhooks/tidemark`, {
      method: "POST",
      headers: { "x-tidemark-signature": signatureOf(TOKENS.hook, seconds, body) },
      body,
    });
  const nowSeconds = Math.floor(Date.now() / 1_000);
  assert.equal((await call("POST", "/webhooks/alertmanager", null, webhookBody())).status, 401);
  assert.equal((await call("POST", "/webhooks/alertmanager", TOKENS.ada, webhookBody())).status, 401);
  assert.equal((await call("POST", "/webhooks/alertmanager", TOKENS.hook, { alerts: 1 })).status, 400);
  assert.deepEqual(
    [(await signed(nowSeconds)).status, (await signed(nowSeconds)).status, (await signed(nowSeconds - 900)).status],
    [200, 401, 401],
  );
  const { audit } = (await (await call("GET", "/v1/audit", TOKENS.ada)).json()) as { audit: { kind: string }[] };
  assert.equal(audit.filter(({ kind }) => kind === "webhook.refused").length, 5);
  assert.match(
    await (await fetch(`${url}/metrics`)).text(),
    /tidemark_responder_webhooks_total\{source="tidemark",result="refused"\} 2/,
  );
});

test("a signed webhook that could not be taken is no replay when it comes again", async (t) => {
  const { url, folder } = await start(t);
  const state = openResponderState(path.join(folder, "tidemark-responder.db"));
  t.after(() => state.database.close());
  const body = JSON.stringify(webhookBody());
  const signature = signatureOf(TOKENS.hook, Math.floor(Date.now() / 1_000), body);
  const send = () =>
    fetch(`${url}/webhooks/tidemark`, { method: "POST", headers: { "x-tidemark-signature": signature }, body });
  state.database.run("ALTER TABLE incident_case RENAME TO away");
  assert.equal((await send()).status, 500);
  state.database.run("ALTER TABLE away RENAME TO incident_case");
  assert.deepEqual([(await send()).status, (await send()).status], [200, 401]);
});

test("every path of the API is closed to strangers", async (t) => {
  const { call } = await start(t);
  for (const [method, where] of [
    ["GET", "/v1/cases"],
    ["GET", "/v1/cases/x"],
    ["GET", "/v1/audit"],
    ["GET", "/v1/quality"],
    ["GET", "/v1/alerting"],
    ["GET", "/v1/proposals"],
    ["POST", "/v1/actions/x/approve"],
    ["POST", "/v1/kill-switch"],
    ["POST", "/v1/missed"],
  ] as const) {
    for (const token of [null, TOKENS.hook, "nobody"]) {
      assert.equal((await call(method, where, token, method === "POST" ? {} : undefined)).status, 401, where);
    }
  }
});

test("who sees only some models sees no other's cases, decides none, and hears nothing of all together", async (t) => {
  const people = [
    { name: "ada", roles: ["operations"], tokenFile: "ada.token" },
    { name: "bob", roles: ["operations"], tokenFile: "bob.token", models: ["other"] },
  ];
  const { call } = await start(t, { people });
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, webhookBody());
  const { id, caseId } = await waitingAction(call);
  const { cases, waiting } = (await (await call("GET", "/v1/cases", TOKENS.bob)).json()) as Record<string, unknown[]>;
  assert.deepEqual([cases, waiting], [[], []]);
  const body = { reason: "x", verdict: "noise" };
  for (const [method, where, status] of [
    ["GET", `/v1/cases/${caseId}`, 404],
    ["POST", `/v1/cases/${caseId}/acknowledge`, 404],
    ["POST", `/v1/cases/${caseId}/mark`, 404],
    ["GET", "/v1/alerting", 403],
    ["GET", "/v1/audit", 403],
    ["GET", "/v1/proposals", 403],
  ] as const) {
    assert.equal((await call(method, where, TOKENS.bob, method === "POST" ? body : undefined)).status, status, where);
  }
  assert.equal((await call("POST", `/v1/actions/${id}/approve`, TOKENS.bob, { reason: "x" })).status, 404);
  assert.equal((await call("POST", "/v1/kill-switch", TOKENS.bob, { on: true, reason: "x" })).status, 403);
  assert.equal((await call("GET", `/v1/cases/${caseId}`, TOKENS.ada)).status, 200);
});

test("the record of alerting is of the span asked for", async (t) => {
  const { call } = await start(t);
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, webhookBody());
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const record = async (from: string, to: string, model?: string) => {
    const query = new URLSearchParams({ from, to, ...(model === undefined ? {} : { model }) });
    return (await (await call("GET", `/v1/alerting?${query}`, TOKENS.ada)).json()) as AlertingRecord;
  };
  const now = await record(at(-60_000), at(60_000));
  assert.deepEqual([now.cases.length, now.quality.cases, now.uses[0]?.untouched], [1, 1, 1]);
  const before = await record(at(-120_000), at(-60_000));
  assert.deepEqual([before.cases.length, before.quality.cases, before.uses.length], [0, 0, 0]);
  const { cases, waiting } = await record(at(-60_000), at(60_000), "other");
  assert.deepEqual([cases.length, waiting.length], [0, 0], "nor of another model than the one asked about");
  await waitingAction(call);
  const own = await record(at(-60_000), at(60_000), "m");
  assert.deepEqual([own.cases.length, own.waiting[0]?.approvers], [1, ["operations"]]);
  assert.equal((await call("GET", "/v1/alerting?from=yesterday", TOKENS.ada)).status, 400);
});

test("metrics ask for their token where there is one", async (t) => {
  const { call } = await start(t, { metricsTokenFile: "ada.token" });
  assert.equal((await call("GET", "/metrics", null)).status, 401);
  assert.equal((await call("GET", "/metrics", TOKENS.bob)).status, 401);
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, webhookBody());
  assert.match(await (await call("GET", "/metrics", TOKENS.ada)).text(), /ml_alert_active\{ml_model_name="m"/);
});

test("a Collector that takes events and says nothing holds up no action", async (t) => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/logs`;
  const { call, variant } = await start(t, { events: { endpoint }, approvalAbove: "retrain" });
  t.after(() => silent.closeAllConnections());
  t.after(() => silent.close());
  const asked = once(silent, "request");
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, { alerts: [] });
  await call("POST", "/v1/kill-switch", TOKENS.ada, { on: false, reason: "something to tell" });
  await asked;
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, webhookBody());
  await poll(async () => (variant() === "old" ? true : undefined));
  silent.closeAllConnections();
});

test("a page's form counts only with the session's own token", async (t) => {
  const { url } = await start(t);
  const form = (where: string, fields: Record<string, string>, cookie = "") =>
    fetch(`${url}${where}`, {
      method: "POST",
      headers: { cookie },
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
  assert.equal((await form("/sign-in", { token: "nobody" })).status, 401);
  const foreign = { "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ token: TOKENS.ada });
  assert.equal((await fetch(`${url}/sign-in`, { method: "POST", headers: foreign, body })).status, 403);
  const signedIn = await form("/sign-in", { token: TOKENS.ada });
  const header = signedIn.headers.get("set-cookie")!;
  assert.match(header, /HttpOnly/);
  assert.match(header, /SameSite=Strict/);
  const cookie = header.split(";")[0]!;
  assert.equal((await form("/kill-switch", { on: "yes", reason: "x" }, cookie)).status, 403);
  const page = await (await fetch(`${url}/`, { headers: { cookie } })).text();
  const formToken = /name="formToken" value="([^"]+)"/.exec(page)![1]!;
  assert.equal((await form("/kill-switch", { on: "yes", reason: "x", formToken }, cookie)).status, 303);
  assert.match(await (await fetch(`${url}/`, { headers: { cookie } })).text(), /kill switch is on/);
  assert.equal((await form("/kill-switch", { on: "no", reason: "x", formToken })).headers.get("location"), "/sign-in");
});

test("a responder that cannot start does nothing: what waits is as it was, and the lease is free", async (t) => {
  const folder = tokenFolder(t);
  const file = path.join(folder, "tidemark-responder.db");
  const state = openResponderState(file);
  takeAlerts(state, [alertUpdate()], "alertmanager", Date.now());
  const config = testConfig({
    actions: { back: { type: "command", run: ["true"] } },
    policies: [{ name: "p", models: ["*"], steps: [{ rung: "notify", action: "back" }] }],
    watch: { canary: { endpoint: "http://127.0.0.1:9", tokenFile: "missing.token" } },
  });
  const logger = pino({ enabled: false });
  await assert.rejects(startResponder({ config, directory: folder, logger, tickMs: 5 }), {
    code: "TIDEMARK_SECRET_UNREADABLE",
  });
  assert.deepEqual(state.actions.list(), []);
  assert.notEqual(createLease(state.database, "another", 60_000).hold(Date.now()), null);
  state.database.close();
});

test("state that another program wrote is refused in one line, and nothing is left behind", async (t) => {
  const folder = tokenFolder(t);
  writeFileSync(path.join(folder, "tidemark-responder.db"), "this is no database, and long enough to be read as one");
  await assert.rejects(startResponder({ config: testConfig(), directory: folder, logger: pino({ enabled: false }) }), {
    code: "TIDEMARK_STORE_CORRUPT",
  });
  assert.ok(!existsSync(path.join(folder, "tidemark-responder.db-wal")));
});
