import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { type Processor, startProcessor } from "../../src/index.ts";
import { logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { testConfig } from "./start-test-processor.ts";
import { testProfile } from "./test-profile.ts";

const SCOPES = ["ingest", "read", "admin", "act"] as const;
const TENANTS = ["acme", "globex"] as const;
type Scope = (typeof SCOPES)[number];

const secretOf = (tenant: string, scope: string) => `secret-of-${tenant}-for-${scope}`;
const digest = (token: string) => `sha256:${createHash("sha256").update(token).digest("hex")}`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let directory: string;
let processor: Processor;
let logged = "";
const logger = pino(
  { level: "trace" },
  new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  }),
);

const everyone = TENANTS.flatMap((tenant) =>
  SCOPES.map((scope) => ({
    name: `${tenant}-${scope}`,
    tenant,
    scopes: [scope],
    tokens: [digest(secretOf(tenant, scope))],
  })),
);

async function writeCredentials(credentials: readonly object[]): Promise<void> {
  await writeFile(join(directory, "credentials.yaml"), JSON.stringify({ credentials }));
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "tidemark-access-"));
  await writeFile(join(directory, "profile.json"), JSON.stringify(testProfile()));
  await writeCredentials(everyone);
  const model = { name: "flight-delay", profile: "profile.json", windows: ["24h"] };
  const config = testConfig({
    server: { port: 0, access: { credentials: "credentials.yaml" } },
    models: TENANTS.map((tenant) => ({ ...model, tenant })),
  });
  processor = await startProcessor({
    config,
    directory,
    logger,
    pages: { "/report": async (api) => ({ contentType: "text/plain", body: JSON.stringify(await api.models()) }) },
  });
  const body = logRequest(somePredictions(50, 20, "acme").map(predictionRecord));
  const headers = { "content-type": "application/json", ...bearer(secretOf("acme", "ingest")) };
  assert.equal((await fetch(`${processor.url}/v1/logs`, { method: "POST", body, headers })).status, 200);
  const finish = { method: "POST", body: '{"finish": true}', headers: bearer(secretOf("acme", "act")) };
  assert.equal((await fetch(`${processor.url}/v1/replay`, finish)).status, 200);
});

after(async () => {
  await processor.close();
  await rm(directory, { recursive: true, force: true });
});

/** Every route with what it needs, and a body it takes. The test of the description below holds that none is missing. */
const ROUTES: readonly [method: string, path: string, scope: Scope | null, body?: string][] = [
  ["POST", "/v1/logs", "ingest", "{}"],
  ["POST", "/v1/metrics", "ingest", "{}"],
  ["POST", "/v1/traces", "ingest", "{}"],
  ["POST", "/v1/outcomes", "ingest", "[]"],
  ["POST", "/v1/replay", "act", '{"finish": true}'],
  ["POST", "/v1/backups", "admin"],
  ["GET", "/v1/control?model=flight-delay&metric=ml.drift.severity", "read"],
  ["POST", "/v1/erasures", "act", '{"model": "flight-delay", "ids": ["nobody"]}'],
  ["GET", "/v1/audit", "admin"],
  ["GET", "/v1/dead-letters", "read"],
  ["GET", "/v1/models", "read"],
  ["GET", "/v1/measurements", "read"],
  ["GET", "/v1/incidents", "read"],
  ["GET", "/v1/joined-incidents", "read"],
  ["GET", "/v1/profiles", "read"],
  ["GET", `/v1/profiles/${testProfile().id}`, "read"],
  ["GET", "/v1/predictions/acme-0?model=flight-delay", "read"],
  ["GET", "/v1/export?model=flight-delay&format=csv", "read"],
  ["GET", "/v1/outcomes?model=flight-delay", "read"],
  ["GET", "/v1/comparisons?model=flight-delay", "read"],
  ["GET", "/v1/ensembles?model=flight-delay", "read"],
  ["GET", "/v1/explanations?model=flight-delay", "read"],
  ["GET", "/v1/status", "read"],
  ["GET", "/v1/openapi.json", "read"],
  ["GET", "/metrics", "read"],
  ["GET", "/report", "read"],
  ["GET", "/", "read"],
  ["GET", "/healthz", null],
  ["GET", "/readyz", null],
];

function ask(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Response> {
  const init = { method, headers: { "content-type": "application/json", ...headers } };
  return fetch(processor.url + path, body === undefined ? init : { ...init, body });
}

test("every route refuses no token, a wrong one and one of every other scope", async () => {
  for (const [method, path, scope, body] of ROUTES) {
    const status = async (headers: Record<string, string>) => (await ask(method, path, headers, body)).status;
    if (scope === null) {
      assert.equal(await status({}), 200, path);
      continue;
    }
    assert.equal(await status({}), 401, `${path} without a token`);
    assert.equal(await status(bearer("wrong")), 401, `${path} with a wrong token`);
    assert.equal(await status(bearer(digest(secretOf("acme", scope)))), 401, `${path} with a digest`);
    for (const other of SCOPES.filter((each) => each !== scope)) {
      assert.equal(await status(bearer(secretOf("acme", other))), 403, `${path} with the scope ${other}`);
    }
    assert.equal(await status(bearer(secretOf("acme", scope))), 200, `${path} with the scope ${scope}`);
  }
});

test("the list above is every route that is served", async () => {
  const described = await ask("GET", "/v1/openapi.json", bearer(secretOf("acme", "read")));
  const { paths } = (await described.json()) as { paths: Record<string, Record<string, { security: unknown }>> };
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      const row = ROUTES.find(
        ([listed, listedPath]) =>
          listed === method.toUpperCase() &&
          new RegExp(`^${path.replace("{id}", "[^/]+")}$`).test(listedPath.split("?")[0]!),
      );
      assert.ok(row, `${method} ${path} is served and not tried here`);
      assert.deepEqual(security, row[2] === null ? [] : [{ bearer: [row[2]] }], path);
    }
  }
});

test("nothing of one tenant is seen by another", async () => {
  const see = async (tenant: string, path: string) => {
    const response = await ask("GET", path, bearer(secretOf(tenant, "read")));
    return { status: response.status, text: await response.text() };
  };
  const models = async (tenant: string) => JSON.parse((await see(tenant, "/v1/models")).text) as { models: unknown[] };
  assert.equal((await models("acme")).models.length, 1);
  assert.equal((await models("globex")).models.length, 0);
  for (const path of ["/v1/measurements", "/v1/measurements?model=flight-delay", "/metrics", "/report"]) {
    assert.match((await see("acme", path)).text, /flight-delay/, path);
    assert.doesNotMatch((await see("globex", path)).text, /flight-delay/, path);
  }
  assert.equal((await see("globex", "/v1/predictions/acme-0?model=flight-delay")).status, 404);
  assert.equal((await see("globex", "/v1/export?model=flight-delay&format=csv")).status, 404);
  assert.deepEqual(JSON.parse((await see("globex", "/v1/status")).text).models, []);
  type Counted = { ingest: { count: number }[] };
  const received = async (tenant: string) =>
    (JSON.parse((await see(tenant, "/v1/status")).text) as Counted).ingest.reduce((sum, { count }) => sum + count, 0);
  assert.equal(await received("acme"), 50);
  assert.equal(await received("globex"), 0);
  assert.match((await see("acme", "/metrics")).text, /^tidemark_ingest_records\w*\{.*50$/m);
  assert.doesNotMatch((await see("globex", "/metrics")).text, /^tidemark_ingest_records/m);
  // No parameter and no header names a tenant.
  assert.equal((await see("globex", "/v1/measurements?tenant=acme")).status, 400);
  const forged = await ask("GET", "/v1/models", { ...bearer(secretOf("globex", "read")), "x-scope-orgid": "acme" });
  assert.deepEqual(await forged.json(), { models: [] });
});

test("a tenant that a record claims does not count", async () => {
  const [prediction] = somePredictions(1, 1, "claimed");
  const record = predictionRecord(prediction!) as { attributes: object[] };
  record.attributes.push({ key: "tidemark.tenant", value: { stringValue: "acme" } });
  const sent = await ask("POST", "/v1/logs", bearer(secretOf("globex", "ingest")), logRequest([record]));
  assert.equal(sent.status, 200);
  const path = "/v1/predictions/claimed-0?model=flight-delay";
  assert.equal((await ask("GET", path, bearer(secretOf("globex", "read")))).status, 200);
  assert.equal((await ask("GET", path, bearer(secretOf("acme", "read")))).status, 404);
});

test("OTLP is refused with a Status in the request's own encoding", async () => {
  const json = await ask("POST", "/v1/logs", {}, "{}");
  assert.match(json.headers.get("www-authenticate") ?? "", /^Bearer/);
  assert.deepEqual(await json.json(), { code: 16, message: "a credential with the scope ingest is needed" });
  const protobuf = await ask("POST", "/v1/logs", { "content-type": "application/x-protobuf", ...bearer("x") }, "");
  assert.equal(protobuf.headers.get("content-type"), "application/x-protobuf");
  assert.equal(
    Buffer.from(await protobuf.arrayBuffer())
      .subarray(0, 2)
      .toString("hex"),
    "0810",
  );
});

test("credentials are changed without a restart; a file that is not in order changes nothing", async () => {
  const status = async (token: string) => (await ask("GET", "/v1/models", bearer(token))).status;
  const until = async (token: string, want: number) => {
    for (let waitedMs = 0; (await status(token)) !== want; waitedMs += 50) {
      assert.ok(waitedMs < 15_000, `${token} does not become ${want}`);
      await sleep(50);
    }
  };
  await writeCredentials([...everyone, { name: "new", tenant: "acme", scopes: ["read"], tokens: [digest("fresh")] }]);
  await until("fresh", 200);
  await writeCredentials([{ name: "new", tenant: "acme", scopes: ["fly"], tokens: [digest("fresh")] }]);
  for (let waitedMs = 0; !/not in order/.test(logged); waitedMs += 50) {
    assert.ok(waitedMs < 15_000, "the bad file was not noticed");
    await sleep(50);
  }
  assert.equal(await status("fresh"), 200);
  await writeCredentials(everyone);
  await until("fresh", 401);
});

test("every change stands in the audit log, under its actor's name", async () => {
  const response = await ask("GET", "/v1/audit", bearer(secretOf("acme", "admin")));
  const { entries, intact } = (await response.json()) as {
    entries: { actor: string; action: string; detail: Record<string, unknown> }[];
    intact: boolean;
  };
  assert.equal(intact, true);
  const lines = entries.map(({ actor, action, detail }) => `${actor} ${action} ${JSON.stringify(detail)}`);
  assert.match(lines[0]!, /^processor processor\.started .*"models":\["acme\/flight-delay","globex\/flight-delay"\]/);
  assert.ok(lines.includes('acme-act POST /v1/replay {"status":200}'));
  assert.ok(lines.some((line) => /^acme-act POST \/v1\/erasures \{"status":200,"model":"[^"]+","ids":1,/.test(line)));
  assert.ok(lines.some((line) => /^acme-admin POST \/v1\/backups \{"status":200,"name":"/.test(line)));
  assert.ok(lines.includes('processor credentials.changed {"added":["new"],"removed":[],"changed":[]}'));
  assert.ok(lines.includes('processor credentials.changed {"added":[],"removed":["new"],"changed":[]}'));
});

test("no secret is ever logged", () => {
  assert.ok(logged.length > 0);
  assert.doesNotMatch(logged, /secret-of-|sha256:[0-9a-f]{64}.*credential|fresh/);
});
