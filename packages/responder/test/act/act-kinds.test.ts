import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { generate } from "selfsigned";
import { OutcomeUnknown, type Reach } from "../../src/act/act-kind.ts";
import { command } from "../../src/act/command.ts";
import { flag } from "../../src/act/flag.ts";
import { kubernetes } from "../../src/act/kubernetes.ts";
import { acceptedText, reachAllowed } from "../../src/act/reach-allowed.ts";
import { sendWithAuthority } from "../../src/act/send-with-authority.ts";
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
  await flag.run(context(config, folder, recorder().reach));
  const chosen = structuredClone(flags);
  Object.assign(chosen.flags.model, { defaultVariant: "third", variants: { old: 1, new: 2, third: 3 } });
  writeFileSync(file, JSON.stringify(chosen));
  await assert.rejects(async () => flag.undo!(context(config, folder, recorder().reach), "new"), /is "third" by now/);
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), chosen, "what a person chose since stays");
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

test("weights are given back where they are as the action left them, whatever the server has filled in", async (t) => {
  const rules = (weight: number) => [{ backendRefs: [{ name: "old" }, { name: "new", weight }] }];
  const config = {
    type: "kubernetes",
    server: "https://api.test",
    tokenFile: "hook.token",
    resource: "httproutes.gateway.networking.k8s.io",
    namespace: "models",
    name: "flight",
    patch: { spec: { rules: rules(0), hostnames: null } },
    undo: { spec: { rules: rules(100) } },
  } as const;
  const folder = tokenFolder(t);
  const methodsFor = async (resource: unknown) => {
    const methods: string[] = [];
    const reach: Reach = async (_url, { method = "" }) => {
      methods.push(method);
      return new Response(JSON.stringify(resource));
    };
    await Promise.resolve(kubernetes.undo!(context(config, folder, reach), null)).catch((error: Error) =>
      methods.push(error.message),
    );
    return methods.join(" ");
  };
  const filled = (weight: number) => [
    {
      matches: [{ path: { type: "PathPrefix" } }],
      backendRefs: [
        { name: "old", weight: 1 },
        { name: "new", weight },
      ],
    },
  ];
  assert.equal(await methodsFor({ metadata: {}, spec: { rules: filled(0) } }), "GET PATCH");
  for (const spec of [
    { rules: filled(50) },
    { rules: [...filled(0), ...filled(0)] },
    { rules: filled(0), hostnames: [] },
  ]) {
    assert.match(await methodsFor({ spec }), /^GET flight is not as the action left it/);
  }
  const silent: Reach = () => Promise.reject(new OutcomeUnknown("no answer"));
  await assert.rejects(
    async () => kubernetes.undo!(context(config, folder, silent), null),
    (error) => !(error instanceof OutcomeUnknown),
  );
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
  const killed = program("sh", "-c", "kill -9 $$");
  await assert.rejects(command.run(context(killed, folder, reach)), OutcomeUnknown);
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

/** An answer whose body is made by and by. */
function answering(status: number, pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { status });
}

test("the status says what was done: a body that breaks off, or has no end, changes nothing", async () => {
  const broken = answering(200, (controller) => controller.error(new Error("timed out")));
  assert.match(await acceptedText(broken), /^200 \(the rest/);
  const refused = answering(403, (controller) => controller.error(new Error("timed out")));
  await assert.rejects(acceptedText(refused), (error) => !(error instanceof OutcomeUnknown));
  const failed = answering(502, (controller) => controller.error(new Error("timed out")));
  await assert.rejects(acceptedText(failed), OutcomeUnknown);

  let pulled = 0;
  const endless = answering(200, (controller) => {
    pulled++;
    controller.enqueue(new Uint8Array(1_024).fill(97));
  });
  assert.equal((await acceptedText(endless)).length, 204);
  assert.ok(pulled <= 66, `${pulled} pieces were read`);
});

test("a cluster is believed only with a certificate of its own authority", async (t) => {
  const folder = tokenFolder(t);
  const [authority, stranger] = [await makeAuthority("cluster"), await makeAuthority("stranger")];
  const own = await generate([{ name: "commonName", value: "api" }], {
    keyType: "ec",
    algorithm: "sha256",
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const asked: string[] = [];
  const server = createServer({ key: own.private, cert: own.cert }, (request, response) => {
    asked.push(`${request.method} ${request.url!.split("?")[0]} ${request.headers.authorization}`);
    if (request.headers.authorization?.endsWith(TOKENS.bob)) return response.writeHead(200).write("{");
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  writeFileSync(path.join(folder, "cluster.crt"), authority.cert);
  writeFileSync(path.join(folder, "stranger.crt"), stranger.cert);
  const patch = (caFile?: string) => {
    const config = {
      type: "kubernetes",
      server: `https://127.0.0.1:${port}`,
      tokenFile: "hook.token",
      ...(caFile === undefined ? {} : { caFile }),
      resource: "rollouts.argoproj.io",
      namespace: "models",
      name: "flight",
      patch: { spec: {} },
    } as const;
    return kubernetes.run(context(config, folder, reachAllowed([`127.0.0.1:${port}`])));
  };
  assert.equal((await patch("cluster.crt")).text, "rollouts/flight patched");
  for (const caFile of ["stranger.crt", undefined]) {
    await assert.rejects(patch(caFile), (error) => /cannot be reached/.test((error as Error).message));
  }
  await assert.rejects(patch("missing.crt"), /ENOENT/);
  const stopped = new AbortController();
  const headers = { authorization: `Bearer ${TOKENS.bob}` };
  const init = { method: "PATCH", headers, signal: stopped.signal };
  const answer = await sendWithAuthority(`https://127.0.0.1:${port}/`, init, authority.cert);
  stopped.abort(new Error("it took too long"));
  assert.match(await acceptedText(answer), /^200/, "its status had come");
  asked.pop();
  assert.deepEqual(asked, [`PATCH /apis/argoproj.io/v1alpha1/namespaces/models/rollouts/flight Bearer ${TOKENS.hook}`]);
});

function makeAuthority(name: string) {
  return generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true },
    ],
  });
}
