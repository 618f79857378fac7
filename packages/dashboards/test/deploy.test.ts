import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configSchema } from "@tidemark/schema";
import { parse } from "yaml";
import { alertLabels } from "../src/alerting/alert-labels.ts";
import { alertTable } from "../src/alerting/alert-table.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (file: string): unknown => parse(readFileSync(path.join(root, file), "utf8"));

interface Compose {
  readonly services: Record<string, { readonly volumes?: string[]; readonly environment?: Record<string, string> }>;
}

const compose = read("docker-compose.yml") as Compose;
const collector = readFileSync(path.join(root, "collector-config/gateway.yaml"), "utf8");

test("every file and folder that docker-compose.yml mounts is in the repository", () => {
  const mounts = Object.values(compose.services).flatMap((service) => service.volumes ?? []);
  const sources = mounts.map((mount) => mount.split(":")[0]!).filter((source) => source.startsWith("./"));
  assert.ok(sources.length >= 6);
  // deploy/make-secrets.sh makes this one.
  const committed = sources.filter((source) => source !== "./deploy/secrets");
  for (const source of committed) assert.ok(existsSync(path.join(root, source)), source);
});

test("the Collector reads every variable that its container sets", () => {
  const environment = compose.services["collector"]!.environment!;
  for (const name of Object.keys(environment)) assert.ok(collector.includes(`\${env:${name}:-`), `${name} is not read`);
});

test("the data sources' addresses are set for Grafana's container", () => {
  const provisioned = read("grafana/provisioning/datasources/tidemark.yaml") as { datasources: { url: string }[] };
  for (const { url } of provisioned.datasources) {
    assert.ok(url.slice(1) in compose.services["grafana"]!.environment!, url);
  }
});

test("every variable of Grafana's provisioned files is set for its container", () => {
  for (const file of ["contact-points", "policies"]) {
    const text = readFileSync(path.join(root, `grafana/provisioning/alerting/${file}.yaml`), "utf8");
    for (const [, name] of text.matchAll(/\$([A-Z_]+)/g)) {
      assert.ok(name! in compose.services["grafana"]!.environment!, name);
    }
  }
});

test("the processor's configuration is valid and sends its results to the Collector's receiver for them", () => {
  const config = configSchema.parse(read("deploy/tidemark/tidemark.yaml"));
  const port = new URL(config.export.url!).port;
  assert.equal(compose.services["collector"]!.environment!["TIDEMARK_RESULTS_HTTP"], `0.0.0.0:${port}`);
});

test("Alertmanager groups, routes and silences by labels, names and subjects that the alerts have", () => {
  const file = read("deploy/alertmanager/alertmanager.yml") as {
    route: { group_by: string[]; receiver: string; routes: { receiver: string; matchers: string[] }[] };
    inhibit_rules: { equal?: string[]; source_matchers: string[]; target_matchers: string[] }[];
    receivers: { name: string }[];
  };
  const labels = new Set(alertTable.flatMap((alert) => Object.keys({ ...alert.test.labels, ...alertLabels(alert) })));
  labels.add("alertname");
  const grouped = [...file.route.group_by, ...file.inhibit_rules.flatMap(({ equal = [] }) => equal)];
  for (const label of grouped) assert.ok(labels.has(label), label);

  const values: Record<string, Set<string>> = {
    alertname: new Set(alertTable.map(({ name }) => name)),
    severity: new Set(alertTable.map(({ severity }) => severity)),
    team: new Set(alertTable.map(({ team }) => team)),
    subject: new Set(alertTable.map(({ subject }) => subject)),
  };
  const matchers = [
    ...file.route.routes.flatMap((route) => route.matchers),
    ...file.inhibit_rules.flatMap((rule) => [...rule.source_matchers, ...rule.target_matchers]),
  ];
  for (const matcher of matchers) {
    const [, label = "", wanted = ""] = /^(\w+)=~?"(.+)"$/.exec(matcher) ?? [];
    assert.ok(labels.has(label), matcher);
    for (const value of wanted.split("|")) assert.ok(value === ".+" || values[label]?.has(value), matcher);
  }

  const receivers = new Set(file.receivers.map(({ name }) => name));
  for (const { receiver } of [file.route, ...file.route.routes]) assert.ok(receivers.has(receiver), receiver);
  for (const team of values["team"]!)
    assert.ok(file.route.routes.some((route) => route.matchers.includes(`team="${team}"`)));
});
