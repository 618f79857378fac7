import assert from "node:assert/strict";
import { test } from "node:test";
import { generatedFiles } from "@tidemark/dashboards";
import { attributes, MONITOR_STATES, prometheusLabel } from "@tidemark/semconv";
import { signals } from "@tidemark/signals";
import { parse } from "yaml";
import { alertTable, runbookPath } from "../../src/alerting/alert-table.ts";
import { signalGuides } from "../../src/signal-guide.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const files = generatedFiles();
const prometheus = parse(files["grafana/alerting/prometheus-rules.yaml"]!) as { groups: { rules: Rule[] }[] };
const rules = prometheus.groups.flatMap((group) => group.rules);

test("one rule warns and one is critical, and together they cover every state that is not well", () => {
  assert.deepEqual(rules.map((rule) => rule.labels["severity"]).toSorted(), ["critical", "warning"]);
  const covered = alertTable.flatMap((alert) => alert.states).toSorted();
  assert.deepEqual(covered, MONITOR_STATES.filter((state) => !["ok", "insufficient_data"].includes(state)).toSorted());
});

for (const rule of rules) {
  test(`${rule.alert} merges replicas, outlasts a restart, and leads to its runbook`, () => {
    assert.match(rule.expr, /max without\(instance\)/);
    assert.match(rule.expr, /last_over_time\(.*\[60m\]\)/);
    assert.match(rule.for, /^\d+m$/);
    const page = files[rule.annotations["runbook_url"]!];
    assert.ok(page?.includes(`# ${rule.alert}`), rule.annotations["runbook_url"]);
    assert.doesNotMatch(rule.annotations["runbook_url"]!, /^https?:/);
  });

  test(`${rule.alert} fills its texts from labels that exist`, () => {
    const labels = new Set(Object.values(attributes).map(({ name }) => prometheusLabel(name)));
    const used = Object.values(rule.annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    assert.ok(used.length >= 5);
    for (const [, label] of used) assert.ok(labels.has(label!), label);
  });
}

test("Grafana's rules are those of Prometheus", () => {
  interface GrafanaRule {
    readonly title: string;
    readonly for: string;
    readonly condition: string;
    readonly data: readonly {
      readonly refId: string;
      readonly datasourceUid: string;
      readonly model: { expr?: string };
    }[];
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  }
  const file = parse(files["grafana/provisioning/alerting/tidemark.yaml"]!) as { groups: { rules: GrafanaRule[] }[] };
  const sources = parse(files["grafana/provisioning/datasources/tidemark.yaml"]!) as {
    datasources: { uid: string }[];
  };
  const provisioned = file.groups.flatMap((group) => group.rules);
  assert.deepEqual(
    provisioned.map((rule) => [rule.title, rule.for, rule.labels, rule.annotations, rule.data[0]!.model.expr]),
    rules.map((rule) => [rule.alert, rule.for, rule.labels, rule.annotations, rule.expr]),
  );
  for (const rule of provisioned) {
    assert.equal(rule.data[0]!.datasourceUid, sources.datasources[0]!.uid);
    assert.ok(rule.data.some((query) => query.refId === rule.condition));
  }
});

test("every signal has its steps in every runbook", () => {
  assert.deepEqual(
    signalGuides.map((guide) => guide.signal).toSorted(),
    signals.map((signal) => signal.name).toSorted(),
  );
  for (const alert of alertTable) {
    for (const guide of signalGuides)
      assert.ok(files[runbookPath(alert)]!.includes(`\`ml_monitor_signal="${guide.signal}"\``));
  }
});

test("each alert is tested firing, quiet, silent, resolving and with two replicas", () => {
  for (const alert of alertTable) {
    const file = parse(files[`grafana/alerting/tests/${alert.slug}.yaml`]!) as { tests: { name: string }[] };
    const names = file.tests.map(({ name }) => name).join("\n");
    for (const word of ["fires", "stays quiet", "never was any data", "holds through", "resolves", "two replicas"]) {
      assert.match(names, new RegExp(word));
    }
  }
});
