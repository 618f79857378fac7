import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configSchema } from "@tidemark/schema";
import { attributes, prometheusLabel } from "@tidemark/semconv";
import { parse } from "yaml";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (file: string): unknown => parse(readFileSync(path.join(root, file), "utf8"));

interface Compose {
  readonly services: Record<string, { readonly volumes?: string[]; readonly environment?: Record<string, string> }>;
}

const compose = read("docker-compose.yml") as Compose;
const collector = readFileSync(path.join(root, "collector-config/collector.yaml"), "utf8");

test("every file and folder that docker-compose.yml mounts is in the repository", () => {
  const mounts = Object.values(compose.services).flatMap((service) => service.volumes ?? []);
  const sources = mounts.map((mount) => mount.split(":")[0]!).filter((source) => source.startsWith("./"));
  assert.ok(sources.length >= 6);
  for (const source of sources) assert.ok(existsSync(path.join(root, source)), source);
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

test("the processor's configuration is valid and sends its results to the Collector's receiver for them", () => {
  const config = configSchema.parse(read("deploy/tidemark/tidemark.yaml"));
  const port = new URL(config.export.url!).port;
  assert.equal(compose.services["collector"]!.environment!["TIDEMARK_RESULTS_HTTP"], `0.0.0.0:${port}`);
});

test("Alertmanager groups and silences by labels that the alerts have", () => {
  const labels = new Set([...Object.values(attributes).map(({ name }) => prometheusLabel(name)), "alertname"]);
  const file = read("deploy/alertmanager/alertmanager.yml") as {
    route: { group_by: string[] };
    inhibit_rules: { equal: string[] }[];
  };
  const used = [...file.route.group_by, ...file.inhibit_rules.flatMap((rule) => rule.equal)];
  for (const label of used) assert.ok(labels.has(label), label);
});
