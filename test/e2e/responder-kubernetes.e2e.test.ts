// The responder's Kubernetes action against a fake API server. What is real in it: the published schemas of KServe, Argo
// Rollouts and the Gateway API, JSON merge patch (RFC 7386), and strict field validation, which refuses unknown fields.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { startResponder } from "@tidemark/responder";
import { parseResponderConfig } from "@tidemark/schema";
import { Ajv } from "ajv";
import { pino } from "pino";
import { startQuietProcessor } from "../../packages/responder/test/quiet-processor.ts";
import { type CustomResource, customResourceSchema } from "./tools/kubernetes-crd.ts";
import { poll } from "./tools/poll.ts";

type Json = Record<string, unknown>;

const TOKENS = { hook: "hook-token-0123456789", ada: "ada-token-0123456789", account: "account-token-0123456789" };

interface Split {
  readonly resource: CustomResource;
  readonly name: string;
  readonly path: string;
  /** As it is before: all traffic on the new version. */
  readonly before: Json;
  readonly patch: Json;
  readonly undo: Json;
  /** A patch that somebody mistyped. */
  readonly mistyped: Json;
  readonly weightOf: (resource: Json) => unknown;
}

const container = { containers: [{ name: "model", image: "registry.example/model:2" }] };
const route = (oldWeight: number, newWeight: number) => ({
  rules: [
    {
      backendRefs: [
        { name: "model-1", port: 80, weight: oldWeight },
        { name: "model-2", port: 80, weight: newWeight },
      ],
    },
  ],
});

const SPLITS: readonly Split[] = [
  {
    resource: "inferenceservices",
    name: "inferenceservices.serving.kserve.io",
    path: "/apis/serving.kserve.io/v1beta1/namespaces/models/inferenceservices/flight",
    before: { spec: { predictor: { ...container, canaryTrafficPercent: 100 } } },
    patch: { spec: { predictor: { canaryTrafficPercent: 0 } } },
    undo: { spec: { predictor: { canaryTrafficPercent: 100 } } },
    mistyped: { spec: { predictor: { canaryTrafic: 0 } } },
    weightOf: ({ spec }) => (spec as { predictor: Json }).predictor["canaryTrafficPercent"],
  },
  {
    resource: "rollouts",
    name: "rollouts.argoproj.io",
    path: "/apis/argoproj.io/v1alpha1/namespaces/models/rollouts/flight",
    before: {
      spec: {
        selector: { matchLabels: { app: "flight" } },
        template: { metadata: { labels: { app: "flight" } }, spec: container },
        strategy: { canary: { steps: [{ setWeight: 100 }] } },
      },
    },
    patch: { spec: { strategy: { canary: { steps: [{ setWeight: 0 }] } } } },
    undo: { spec: { strategy: { canary: { steps: [{ setWeight: 100 }] } } } },
    mistyped: { spec: { strategy: { canary: { steps: [{ setWeight: "0" }] } } } },
    weightOf: ({ spec }) =>
      (spec as { strategy: { canary: { steps: Json[] } } }).strategy.canary.steps[0]!["setWeight"],
  },
  {
    resource: "httproutes",
    name: "httproutes.gateway.networking.k8s.io",
    path: "/apis/gateway.networking.k8s.io/v1/namespaces/models/httproutes/flight",
    before: { spec: route(0, 100) },
    patch: { spec: route(100, 0) },
    undo: { spec: route(0, 100) },
    mistyped: { spec: { rules: [{ backendRefs: [{ name: "model-1", port: 80, weight: -1 }] }] } },
    weightOf: ({ spec }) => (spec as ReturnType<typeof route>).rules[0]!.backendRefs[1]!.weight,
  },
];

for (const split of SPLITS) {
  test(`${split.name}: traffic is shifted and, where it does not help, given back`, async (t) => {
    const cluster = await startFakeApiServer(t, split);
    const { approve, settled } = await startCase(t, cluster.url, { ...split });
    await approve();
    await poll("the shift", 20, async () => (split.weightOf(cluster.resource()) === 0 ? true : undefined));
    const marked = (cluster.resource()["metadata"] as { annotations: Json }).annotations["tidemark.dev/action"];
    assert.match(String(marked), /^[0-9a-f]{32}$/);
    assert.equal((await settled()).status, "undone");
    assert.equal(split.weightOf(cluster.resource()), 100);
    assert.deepEqual(cluster.refused, []);
  });

  test(`${split.name}: weights that somebody has set since stay`, async (t) => {
    const someones = JSON.parse(JSON.stringify(split.patch).replaceAll(/:0\b/g, ":50")) as Json;
    const cluster = await startFakeApiServer(t, split, someones);
    const { approve, settled } = await startCase(t, cluster.url, { ...split });
    await approve();
    const action = await settled();
    assert.equal(action.status, "undo_failed");
    assert.match(action.result ?? "", /somebody has changed it/);
    assert.equal(split.weightOf(cluster.resource()), 50);
  });

  test(`${split.name}: a patch that is no patch of it is refused, told, and changes nothing`, async (t) => {
    const cluster = await startFakeApiServer(t, split);
    const { approve, settled } = await startCase(t, cluster.url, { ...split, patch: split.mistyped });
    await approve();
    const action = await settled();
    assert.equal(action.status, "failed");
    assert.match(action.result ?? "", /422/);
    assert.equal(cluster.refused.length, 1);
    assert.equal(split.weightOf(cluster.resource()), 100);
  });
}

/**
 * One resource behind the paths, verbs, token and rules of an API server.
 * @param someones a change that somebody else makes right after the first.
 */
async function startFakeApiServer(t: TestContext, split: Split, someones: Json = {}) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(strictly(customResourceSchema(split.resource)) as object);
  let resource: Json = { metadata: { name: "flight", namespace: "models" }, ...split.before };
  assert.ok(validate(resource), `the resource of this test is none: ${ajv.errorsText(validate.errors)}`);
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://cluster");
    const answer = (status: number, body: Json) => response.writeHead(status).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${TOKENS.account}`) return answer(401, { message: "Unauthorized" });
    if (pathname !== split.path) return answer(404, { message: "not found" });
    if (request.method === "GET") return answer(200, resource);
    if (request.method !== "PATCH") return answer(405, { message: "method not allowed" });
    if (request.headers["content-type"] !== "application/merge-patch+json")
      return answer(415, { message: "media type" });
    assert.equal(searchParams.get("fieldValidation"), "Strict");
    const patched = mergePatch(resource, JSON.parse(await text(request))) as Json;
    if (!validate(patched)) {
      refused.push(ajv.errorsText(validate.errors));
      return answer(422, { message: ajv.errorsText(validate.errors) });
    }
    answer(200, patched);
    resource = mergePatch(patched, someones) as Json;
    return response;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    resource: () => resource,
    refused,
  };
}

/** A schema under which fields that are not named are errors, as strict field validation has it. */
function strictly(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictly);
  if (typeof schema !== "object" || schema === null) return schema;
  const own = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strictly(value)])) as Json;
  const isOpen = own["x-kubernetes-preserve-unknown-fields"] === true || own["properties"] === undefined;
  const isRoot = "apiVersion" in ((own["properties"] as Json | undefined) ?? {});
  if (isRoot) (own["properties"] as Json)["metadata"] = { type: "object" };
  return isOpen || "additionalProperties" in own ? own : { ...own, additionalProperties: false };
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Json = typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

async function startCase(t: TestContext, server: string, { name: resource, patch, undo }: Split) {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-kubernetes-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, token] of Object.entries(TOKENS)) writeFileSync(path.join(folder, `${name}.token`), `${token}\n`);
  const action = {
    type: "kubernetes",
    server,
    tokenFile: "account.token",
    resource,
    namespace: "models",
    name: "flight",
  };
  const processor = await startQuietProcessor();
  const parsed = parseResponderConfig({
    server: { port: 0 },
    webhookTokenFile: "hook.token",
    processor: processor.url,
    dryRun: false,
    allowedHosts: [new URL(server).host],
    people: [{ name: "ada", roles: ["operations"], tokenFile: "ada.token" }],
    actions: { shift: { ...action, patch, undo } },
    policies: [
      {
        name: "p",
        models: ["*"],
        steps: [{ rung: "shift_traffic", action: "shift", verifyAfter: "1s", undo: true }],
      },
    ],
  });
  assert.ok(parsed.ok);
  const logger = pino({ enabled: false });
  const responder = await startResponder({ config: parsed.config, directory: folder, logger, tickMs: 20 });
  t.after(async () => {
    await responder.close();
    processor.close();
  });
  const call = async (method: string, where: string, token: string, body?: Json) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await (await fetch(`${responder.url}${where}`, init)).json()) as Json;
  };
  const labels = { alertname: "ModelPerformanceCritical", severity: "critical", ml_model_name: "flight-delay" };
  const alerts = [{ status: "firing", labels, startsAt: new Date().toISOString(), fingerprint: "f" }];
  await call("POST", "/webhooks/alertmanager", TOKENS.hook, { alerts });

  interface Seen {
    readonly id: string;
    readonly caseId: string;
    readonly status: string;
    readonly result: string | null;
  }
  let waiting: Seen;
  return {
    async approve() {
      waiting = await poll("an action that waits", 20, async () => {
        const answer = await call("GET", "/v1/cases", TOKENS.ada);
        return (answer["waiting"] as Seen[])[0];
      });
      await call("POST", `/v1/actions/${waiting.id}/approve`, TOKENS.ada, { reason: "the old version is healthy" });
    },
    settled: () =>
      poll("the end of the action", 30, async () => {
        const answer = await call("GET", `/v1/cases/${waiting.caseId}`, TOKENS.ada);
        return (answer["actions"] as Seen[]).find(({ status }) => ["undone", "failed", "undo_failed"].includes(status));
      }),
  };
}
