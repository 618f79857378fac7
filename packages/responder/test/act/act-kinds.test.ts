import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { OutcomeUnknown, type Reach } from "../../src/act/act-kind.ts";
import { command } from "../../src/act/command.ts";
import { flag } from "../../src/act/flag.ts";
import { kubernetes } from "../../src/act/kubernetes.ts";
import { reachAllowed } from "../../src/act/reach-allowed.ts";
import { webhook } from "../../src/act/webhook.ts";
import { signatureProblem } from "../../src/intake/check-signature.ts";
import { TOKENS, tokenFolder } from "../support.ts";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function recorder(): { readonly sent: Sent[]; readonly reach: Reach } {
  const sent: Sent[] = [];
  return {
    sent,
    reach: async (url, init) => {
      sent.push({ url, init });
      return new Response("ok");
    },
  };
}

function context<C>(config: C, directory: string, reach: Reach) {
  return { config, idempotencyKey: "k1", evidence: { why: "x" }, directory, reach, signal: AbortSignal.timeout(5_000) };
}

test("a webhook is a CloudEvent that its target can check", async (t) => {
  const { sent, reach } = recorder();
  const config = { type: "webhook", url: "http://a.test/hook", secretFile: "hook.token" } as const;
  await webhook.run(context(config, tokenFolder(t), reach));
  const body = String(sent[0]!.init.body);
  const header = new Headers(sent[0]!.init.headers).get("x-tidemark-signature")!;
  const check = { secret: TOKENS.hook, body, nowMs: Date.now() };
  assert.equal(signatureProblem(header, check), null);
  assert.match(signatureProblem(header, { ...check, body: `${body} ` })!, /wrong/);
  assert.match(signatureProblem(header, { ...check, nowMs: Date.now() + 600_000 })!, /stale/);
  assert.equal((JSON.parse(body) as { id: string }).id, "k1");
});

test("a flag goes to the variant and back, and nothing else in its file changes", async (t) => {
  const folder = tokenFolder(t);
  const file = path.join(folder, "flags.json");
  const flags = { flags: { model: { state: "ENABLED", defaultVariant: "new", variants: { old: 1, new: 2 } } } };
  writeFileSync(file, JSON.stringify(flags));
  const config = { type: "flag", file: "flags.json", flag: "model", variant: "old" } as const;
  const done = await flag.run(context(config, folder, recorder().reach));
  assert.equal(done.undoToken, "new");
  assert.equal(JSON.parse(readFileSync(file, "utf8")).flags.model.defaultVariant, "old");
  await flag.undo!(context(config, folder, recorder().reach), done.undoToken!);
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), flags);
  const missing = { ...config, variant: "toString" };
  await assert.rejects(flag.run(context(missing, folder, recorder().reach)), /has no variant "toString"/);
});

test("a patch goes to the resource's own path and carries the key", async (t) => {
  const { sent, reach } = recorder();
  const config = {
    type: "kubernetes",
    server: "https://api.test",
    tokenFile: "hook.token",
    resource: "inferenceservices.serving.kserve.io",
    namespace: "models",
    name: "flight/delay",
    patch: { metadata: { labels: { held: "yes" } }, spec: { predictor: { canaryTrafficPercent: 0 } } },
  } as const;
  await kubernetes.run(context(config, tokenFolder(t), reach));
  assert.match(
    sent[0]!.url,
    /^https:\/\/api\.test\/apis\/serving\.kserve\.io\/v1beta1\/namespaces\/models\/inferenceservices\/flight%2Fdelay\?/,
  );
  const body = JSON.parse(String(sent[0]!.init.body));
  assert.equal(body.metadata.annotations["tidemark.dev/action"], "k1");
  assert.equal(body.metadata.labels.held, "yes", "the patch's own metadata stay");
  assert.equal(body.spec.predictor.canaryTrafficPercent, 0);
});

test("a command gets the evidence and no shell, and its failure is told", async (t) => {
  const folder = tokenFolder(t);
  const { reach } = recorder();
  const program = (...run: string[]) => ({ type: "command", run }) as const;
  const echo = program("cat");
  assert.equal((await command.run(context(echo, folder, reach))).text, '{"why":"x"}');
  const literal = program("printf", "%s", "$(id); a b");
  assert.equal((await command.run(context(literal, folder, reach))).text, "$(id); a b");
  const failing = program("false");
  await assert.rejects(command.run(context(failing, folder, reach)), /false ended with 1/);
});

test("only listed hosts are reached, redirects are not followed, and silence is not a no", async () => {
  const answered: RequestInit[] = [];
  const reach = reachAllowed(["good.test", "other.test:8080"], async (_url, init) => {
    answered.push(init!);
    return new Response("ok");
  });
  await reach("https://good.test/x", {});
  await reach("http://other.test:8080/x", {});
  assert.ok(answered.every(({ redirect }) => redirect === "manual"));
  for (const url of [
    "http://169.254.169.254/",
    "http://good.test.evil/",
    "http://other.test/",
    "http://good.test:81/",
  ]) {
    await assert.rejects(reach(url, {}), /not in allowedHosts/, url);
  }
  await assert.rejects(reach("file:///etc/passwd", {}), /no protocol/);
  await assert.rejects(reach("http://user@good.test/", {}), /user name/);
  const silent = reachAllowed(["good.test"], () => Promise.reject(new Error("reset")));
  await assert.rejects(silent("http://good.test/", {}), OutcomeUnknown);
});
