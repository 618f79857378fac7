// From a release that goes wrong to the action that mends it, and to one that does not help: two versions of the flight
// model side by side -> real processor -> real Prometheus with our rules -> real Alertmanager -> real responder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Action, AuditEntry, Case } from "@tidemark/responder";
import { parse, stringify } from "yaml";
import { FlightFeatures, MODEL_NAME, REFERENCE } from "../../examples/flights/src/index.ts";
import { scoreFlights } from "../../examples/flights/src/model/score-flights.ts";
import { type FlightDesk, startFlightDesk } from "./tools/flight-desk.ts";
import { freePorts } from "./tools/free-ports.ts";
import { ALERTMANAGER, goTool, PROMETHEUS } from "./tools/go-tool.ts";
import { poll } from "./tools/poll.ts";
import { type ServerProcess, startServer } from "./tools/server-process.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const MAIN = path.join(ROOT, "packages/cli/src/main.ts");
/** A window of a minute, its lateness, and what alerts take. */
const WINDOW_SECONDS = 60;
const PATIENCE_SECONDS = 3 * WINDOW_SECONDS;
/** Late from a score on that nearly every flight has. */
const WRONG_THRESHOLD = 0.02;
const TOKENS = { hook: "hook-token-0123456789", ada: "ada-token-0123456789", bob: "bob-token-0123456789" };

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-responder-flights-"));
const file = (name: string) => path.join(folder, name);
const servers: ServerProcess[] = [];
let ports: { processor: number; prometheus: number; alertmanager: number; responder: number };
let desk: FlightDesk;

before(async () => {
  const [processor = 0, prometheus = 0, alertmanager = 0, responder = 0] = await freePorts(4);
  ports = { processor, prometheus, alertmanager, responder };
  for (const [name, token] of Object.entries(TOKENS))
    writeFileSync(file(`${name}.token`), `${token}\n`, { mode: 0o600 });
  await prepareFlights();
  writeFileSync(file("tidemark.yaml"), stringify(processorConfig()));
  writeFileSync(file("rules.yaml"), quickRules());
  writeFileSync(file("prometheus.yml"), stringify(prometheusConfig()));
  writeFileSync(file("alertmanager.yml"), alertmanagerFile());
  setFlag("2");
  await start("processor", tidemark("serve", file("tidemark.yaml")), `${url("processor")}/healthz`);
  await start(
    "Prometheus",
    [
      goTool(PROMETHEUS),
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=prometheus",
      `--web.listen-address=127.0.0.1:${prometheus}`,
    ],
    `${url("prometheus")}/-/ready`,
  );
  await start(
    "Alertmanager",
    [
      goTool(ALERTMANAGER),
      "--config.file=alertmanager.yml",
      "--storage.path=alertmanager",
      `--web.listen-address=127.0.0.1:${alertmanager}`,
      "--cluster.listen-address=",
    ],
    `${url("alertmanager")}/-/ready`,
  );
  desk = await startFlightDesk({
    processor: url("processor"),
    flightsFile: file("flights.jsonl"),
    profileFile: file("profile.json"),
    flagFile: file("flags.json"),
  });
});

after(async () => {
  await desk?.[Symbol.asyncDispose]();
  for (const server of servers.reverse()) await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("a wrong rule of the new version: a rehearsal, then an approved shift to the champion, which helps", async () => {
  desk.thresholds["2"] = WRONG_THRESHOLD;
  {
    await using responder = await startResponderProcess("one", true);
    const rehearsed = await poll("a rehearsed shift", PATIENCE_SECONDS, () => actionOf("shift_traffic", ["dry_run"]));
    assert.equal(
      rehearsed.result,
      "would run to-champion once a person of operations has approved",
      responder.output(),
    );
    assert.equal(variant(), "2", "a rehearsal changes nothing");
  }

  await using responder = await startResponderProcess("one", false);
  const waiting = await poll("a shift that waits", PATIENCE_SECONDS, () =>
    actionOf("shift_traffic", ["awaiting_approval"]),
  );
  assert.throws(() => incident("bob", "approve", waiting.id, "--reason", "go"), /it takes the role operations/);
  assert.equal(variant(), "2", "nothing happens before the right person has agreed");
  incident("ada", "approve", waiting.id, "--reason", "version 1 is healthy, seen in the report");
  await poll("the flag", 20, async () => (variant() === "1" ? true : undefined));

  const settled = await poll("whether it helped", 2 * PATIENCE_SECONDS, () =>
    actionOf("shift_traffic", ["helped", "no_help", "undone"]),
  );
  assert.equal(settled.status, "helped", responder.output());
  assert.equal(variant(), "1");
  assert.ok(desk.served["1"] > 0);

  const { firstCause } = settled.evidence as { firstCause: { kind: string } };
  assert.equal(firstCause.kind, "concept_shift", "the evidence names why");
  const { case: found, audit } = caseOf(settled.caseId);
  assert.equal(found.version, "2");
  assert.equal(found.signal, "performance");
  assert.notEqual(found.incident, null, "it is attached to the processor's incident");
  assert.match(String(found.evidence["profileId"]), /^sha256:/);
  assert.match(String(found.evidence["configId"]), /^sha256:/);
  const own = audit.filter(({ subject }) => subject === settled.id).map(({ kind, actor }) => `${kind} by ${actor}`);
  assert.deepEqual(own, [
    "ml.action.requested by responder",
    "approval.refused by bob",
    "ml.action.approved by ada",
    "ml.action.started by responder",
    "ml.action.executed by responder",
    "ml.action.executed by responder",
  ]);
});

test("meanwhile canaries arrived, and the heartbeat of alerting came", async () => {
  await using _ = await startResponderProcess("one", true);
  const metrics = await poll("a canary", 60, async () => {
    const text = await (await fetch(`${url("responder")}/metrics`)).text();
    return /canaries_total\{result="arrived"\} [1-9]/.test(text) ? text : undefined;
  });
  assert.match(metrics, /canaries_total\{result="lost"\} 0/);
  assert.match(metrics, /heartbeat_age_seconds [\d.]+/);
  const { cases } = JSON.parse(incident("ada", "list", "--json")) as { cases: Case[] };
  assert.deepEqual(
    cases.filter(({ model }) => model === "tidemark"),
    [],
  );
});

test("where the champion has the same fault the shift does not help, and is taken back", async () => {
  setFlag("2");
  desk.thresholds["1"] = WRONG_THRESHOLD;
  await using responder = await startResponderProcess("two", false);
  const waiting = await poll("a shift that waits", PATIENCE_SECONDS, () =>
    actionOf("shift_traffic", ["awaiting_approval"]),
  );
  incident("ada", "approve", waiting.id, "--reason", "try the champion");
  await poll("the flag", 20, async () => (variant() === "1" ? true : undefined));
  const settled = await poll("whether it helped", 2 * PATIENCE_SECONDS, () =>
    actionOf("shift_traffic", ["helped", "no_help", "undone"]),
  );
  assert.equal(settled.status, "undone", responder.output());
  assert.match(settled.result ?? "", /accuracy of version 1 is critical|the case is still open/);
  assert.equal(variant(), "2");
});

async function prepareFlights(): Promise<void> {
  const flights = await FlightFeatures.compute();
  try {
    await flights.writeLines(file("flights.jsonl"), { ...REFERENCE, share: 0.1 });
    await flights.writeLines(file("reference.jsonl"), { ...REFERENCE, share: 0.3 });
  } finally {
    flights.close();
  }
  await scoreFlights(file("reference.jsonl"), file("scored.jsonl"));
  const features = ["--numeric", "hour,distance,inbound_delay", "--categorical", "weekday,origin,destination"];
  const columns = [...features, "--score", "score", "--label", "label", "--outcome", "outcome", "--positive", "late"];
  run("profile", file("scored.jsonl"), "--model", MODEL_NAME, ...columns, "-o", file("profile.json"));
  run("canary", "-o", file("canary.profile.json"));
}

function processorConfig(): unknown {
  return {
    server: { port: ports.processor },
    clock: { allowedLateness: "10s" },
    models: [
      { name: MODEL_NAME, profile: "profile.json", windows: ["1m"] },
      { name: "tidemark.canary", profile: "canary.profile.json", windows: ["1h"] },
    ],
  };
}

/** Our rules, with the patience of seconds instead of minutes. */
function quickRules(): string {
  const text = readFileSync(path.join(ROOT, "grafana/alerting/prometheus-rules.yaml"), "utf8");
  const rules = parse(text) as { groups: { rules: { keep_firing_for?: string; for?: string }[] }[] };
  for (const rule of rules.groups.flatMap((group) => group.rules)) {
    if (rule.keep_firing_for !== undefined) rule.keep_firing_for = "1s";
    if (rule.for !== undefined) rule.for = "1s";
  }
  return stringify(rules);
}

function prometheusConfig(): unknown {
  const target = (port: number) => [{ targets: [`127.0.0.1:${port}`] }];
  return {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yaml"],
    alerting: { alertmanagers: [{ static_configs: target(ports.alertmanager) }] },
    scrape_configs: [{ job_name: "tidemark", static_configs: target(ports.processor) }],
  };
}

/** Our routes, with the responder at its address of this test and the waits of seconds. */
function alertmanagerFile(): string {
  const text = readFileSync(path.join(ROOT, "deploy/alertmanager/alertmanager.yml"), "utf8");
  const config = parse(text) as { route: Record<string, unknown>; receivers: { name: string }[] };
  Object.assign(config.route, { group_wait: "1s", group_interval: "2s" });
  const webhook = {
    url: `${url("responder")}/webhooks/alertmanager`,
    http_config: { authorization: { credentials_file: file("hook.token") } },
  };
  config.receivers = config.receivers.map(({ name }) =>
    name === "responder" || name === "heartbeat" ? { name, webhook_configs: [webhook] } : { name },
  );
  return stringify(config);
}

function responderConfig(state: string, dryRun: boolean): unknown {
  return {
    server: { port: ports.responder },
    state: `${state}.db`,
    processor: url("processor"),
    webhookTokenFile: "hook.token",
    dryRun,
    watch: {
      heartbeat: {},
      canary: { endpoint: url("processor"), every: "5s", within: "20s" },
    },
    people: [
      { name: "ada", roles: ["operations"], tokenFile: "ada.token" },
      { name: "bob", roles: ["business"], tokenFile: "bob.token" },
    ],
    actions: { "to-champion": { type: "flag", file: "flags.json", flag: "flight-model", variant: "1" } },
    policies: [
      {
        name: "flights",
        models: [MODEL_NAME],
        signals: ["performance"],
        steps: [
          {
            rung: "shift_traffic",
            action: "to-champion",
            unlessCause: ["silence"],
            verifyAfter: `${Math.round(2.5 * WINDOW_SECONDS)}s`,
            undo: true,
          },
        ],
      },
    ],
  };
}

async function startResponderProcess(state: string, dryRun: boolean): Promise<ServerProcess> {
  writeFileSync(file("responder.yaml"), stringify(responderConfig(state, dryRun)));
  const [command, ...args] = tidemark("respond", file("responder.yaml"));
  const server = startServer(command, args, { cwd: folder });
  await answers(`${url("responder")}/healthz`, server);
  return server;
}

async function start(name: string, [command, ...args]: [string, ...string[]], ready: string): Promise<void> {
  const server = startServer(command, args, { cwd: folder });
  servers.push(server);
  await answers(ready, server).catch((error) => {
    throw new Error(`${name} did not start`, { cause: error });
  });
}

async function answers(ready: string, server: ServerProcess): Promise<void> {
  await poll(ready, 60, async () => ((await fetch(ready)).ok ? true : undefined)).catch((error) => {
    throw new Error(server.output(), { cause: error });
  });
}

function url(name: keyof typeof ports): string {
  return `http://127.0.0.1:${ports[name]}`;
}

function tidemark(...args: string[]): [string, ...string[]] {
  return [process.execPath, "--conditions=tidemark-source", MAIN, ...args];
}

/** What a command prints. Throws with what it said where it fails. */
function run(...args: string[]): string {
  const [command, ...rest] = tidemark(...args);
  return execFileSync(command, rest, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function incident(person: "ada" | "bob", ...args: string[]): string {
  return run("incident", ...args, "--url", url("responder"), "--token-file", file(`${person}.token`));
}

interface CaseDetail {
  readonly case: Case;
  readonly actions: readonly Action[];
  readonly audit: readonly AuditEntry[];
}

function caseOf(id: string): CaseDetail {
  return JSON.parse(incident("ada", "show", id, "--json")) as CaseDetail;
}

async function actionOf(rung: string, statuses: readonly string[]): Promise<Action | undefined> {
  const { cases } = JSON.parse(incident("ada", "list", "--json")) as { cases: Case[] };
  const actions = cases.flatMap(({ id }) => caseOf(id).actions);
  return actions.find((action) => action.rung === rung && statuses.includes(action.status));
}

function setFlag(version: "1" | "2"): void {
  const flags = { "flight-model": { state: "ENABLED", variants: { 1: "1", 2: "2" }, defaultVariant: version } };
  writeFileSync(file("flags.json"), JSON.stringify({ flags }));
}

function variant(): string {
  return JSON.parse(readFileSync(file("flags.json"), "utf8")).flags["flight-model"].defaultVariant as string;
}
