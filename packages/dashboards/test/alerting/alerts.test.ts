import assert from "node:assert/strict";
import { test } from "node:test";
import { generatedFiles } from "@tidemark/dashboards";
import { attributes, prometheusLabel } from "@tidemark/semconv";
import { signals } from "@tidemark/signals";
import { parse } from "yaml";
import { alertTable, runbookPath } from "../../src/alerting/alert-table.ts";
import { recordingRules } from "../../src/alerting/recording-rules.ts";
import { DASHBOARD_UIDS } from "../../src/dashboard/dashboard-uids.ts";
import { signalGuides } from "../../src/signal-guide.ts";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const files = generatedFiles();
const prometheus = parse(files["grafana/alerting/prometheus-rules.yaml"]!) as { groups: { rules: Rule[] }[] };
const rules = prometheus.groups.flatMap((group) => group.rules).filter((rule) => rule.alert !== undefined);

/** Labels that alerts have from Prometheus, the Collector or a recording, not from the semantic conventions. */
const OTHER_LABELS = ["job", "instance", "exporter", "telemetry"];

test("names, slugs and identities in Grafana are unique, and short enough for Grafana", () => {
  for (const key of ["name", "slug"] as const) {
    assert.equal(new Set(alertTable.map((alert) => alert[key])).size, alertTable.length);
  }
  const uids = grafanaRules().map((rule) => rule.uid);
  assert.equal(new Set(uids).size, uids.length);
  for (const uid of uids) assert.ok(uid.length <= 40, uid);
});

test("every state that is not well has its alert, and every signal a warning and a critical one", () => {
  const verdicts = alertTable.filter((alert) => alert.details.kind === "verdict");
  for (const state of ["warning", "critical", "no_data", "insufficient_data"]) {
    assert.ok(
      verdicts.some((alert) => alert.expression.includes(`ml_monitor_state="${state}"`)),
      state,
    );
  }
  for (const { name } of signals) {
    for (const severity of ["warning", "critical"]) {
      const found = verdicts.filter(
        (alert) =>
          alert.severity === severity && isAboutSignal(alert.expression, name) && !alert.expression.includes("no_data"),
      );
      assert.equal(found.length, 1, `${name} ${severity}`);
    }
  }
});

function isAboutSignal(expression: string, signal: string): boolean {
  const [, operator, value = ""] = /ml_monitor_signal(=~|!~|=)"([^"]+)"/.exec(expression) ?? [];
  return value.split("|").includes(signal) === (operator !== "!~");
}

for (const rule of rules) {
  test(`${rule.alert} says what it is, with value, line, first cause, dashboard, runbook and where to decide`, () => {
    for (const text of [
      "summary",
      "description",
      "value",
      "threshold",
      "first_cause",
      "dashboard_url",
      "runbook_url",
      "responder_url",
    ]) {
      assert.ok((rule.annotations[text] ?? "").length > 0, text);
    }
    for (const label of ["severity", "team", "subject"]) assert.ok((rule.labels[label] ?? "").length > 0, label);
    const [, uid = ""] = /\/d\/([\w-]+)/.exec(rule.annotations["dashboard_url"]!) ?? [];
    assert.ok((Object.values(DASHBOARD_UIDS) as string[]).includes(uid), uid);
    const page = files[rule.annotations["runbook_url"]!.replace("{{ $externalLabels.tidemark_docs }}", "")];
    assert.ok(page?.includes(`# ${rule.alert}`), rule.annotations["runbook_url"]);
  });

  test(`${rule.alert} fills its texts from labels that exist`, () => {
    const labels = new Set([...Object.values(attributes).map(({ name }) => prometheusLabel(name)), ...OTHER_LABELS]);
    const used = Object.values(rule.annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    for (const [, label] of used) assert.ok(labels.has(label!), label);
  });
}

test("alerts on verdicts merge replicas and outlast a restart", () => {
  for (const { details, expression, name } of alertTable) {
    if (details.kind !== "verdict") continue;
    assert.match(expression, /max without\(instance\)/, name);
    assert.match(expression, /last_over_time\(.*\[60m\]\)/, name);
  }
});

interface GrafanaRule {
  readonly uid: string;
  readonly title: string;
  readonly for: string;
  readonly condition: string;
  readonly data: readonly { refId: string; datasourceUid: string; model: { expr?: string } }[];
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

function grafanaRules(): GrafanaRule[] {
  const file = parse(files["grafana/provisioning/alerting/rules.yaml"]!) as { groups: { rules: GrafanaRule[] }[] };
  return file.groups.flatMap((group) => group.rules);
}

test("Grafana's rules are those of Prometheus, without any recorded series", () => {
  const provisioned = grafanaRules();
  assert.deepEqual(
    provisioned.map((rule) => [rule.title, rule.for, rule.labels, rule.annotations["summary"]]),
    rules.map((rule) => [rule.alert, rule.for ?? "0m", rule.labels, rule.annotations["summary"]]),
  );
  const sources = parse(files["grafana/provisioning/datasources/tidemark.yaml"]!) as {
    datasources: { uid: string }[];
  };
  for (const rule of provisioned) {
    assert.ok(rule.data.some((query) => query.refId === rule.condition));
    for (const { datasourceUid, model } of rule.data) {
      assert.ok([sources.datasources[0]!.uid, "__expr__"].includes(datasourceUid));
      assert.doesNotMatch(model.expr ?? "", /tidemark:/, rule.title);
    }
    assert.doesNotMatch(JSON.stringify(rule.annotations), /\| query|externalLabels/, rule.title);
  }
});

test("a Grafana rule on a verdict has no query that can be empty beside its condition's", () => {
  for (const { title, data } of grafanaRules()) {
    for (const { refId, model } of data) {
      if (["A", "B"].includes(refId)) continue;
      assert.match(model.expr!, / or on\(\) vector\(0\)$/, `${title} ${refId}`);
    }
  }
});

test("Grafana's policies lead to contact points that exist, and each team has one", () => {
  const points = parse(files["grafana/provisioning/alerting/contact-points.yaml"]!) as {
    contactPoints: { name: string }[];
  };
  const { policies } = parse(files["grafana/provisioning/alerting/policies.yaml"]!) as {
    policies: { receiver: string; routes: { receiver: string; object_matchers: string[][] }[] }[];
  };
  const names = new Set(points.contactPoints.map(({ name }) => name));
  const { receiver, routes } = policies[0]!;
  for (const used of [receiver, ...routes.map((route) => route.receiver)]) assert.ok(names.has(used), used);
  for (const team of new Set(alertTable.map((alert) => alert.team))) {
    assert.ok(
      routes.some((route) => route.object_matchers.some(([label, , value]) => label === "team" && value === team)),
      team,
    );
  }
});

test("every recorded series that an alert or another recording names is recorded before", () => {
  const known = new Set<string>();
  for (const { record, expression } of recordingRules()) {
    for (const [used] of expression.matchAll(/tidemark:[a-z0-9_:]+/g)) assert.ok(known.has(used), `${record}: ${used}`);
    assert.ok(!known.has(record), record);
    known.add(record);
  }
  for (const { name, expression } of alertTable) {
    for (const [used] of expression.matchAll(/tidemark:[a-z0-9_:]+/g)) assert.ok(known.has(used), `${name}: ${used}`);
  }
});

test("every runbook says what to do, and every signal has its steps", () => {
  assert.deepEqual(
    signalGuides.map((guide) => guide.signal).toSorted(),
    // Estimates are made by a pass of their own; a comparison carries no state.
    [...signals.map((signal) => signal.name), "estimation"].toSorted(),
  );
  for (const alert of alertTable) {
    const page = files[runbookPath(alert)]!;
    assert.ok(alert.steps.length >= 2, alert.name);
    for (const step of alert.steps) assert.ok(page.includes(step));
    assert.ok(page.includes(alert.expression));
  }
});

test("each alert is tried firing with its texts, resolving, quiet, flapping and without data", () => {
  for (const alert of alertTable) {
    const file = parse(files[`grafana/alerting/tests/${alert.slug}.yaml`]!) as {
      tests: { name: string; alert_rule_test?: unknown[] }[];
    };
    assert.equal(file.tests[0]!.alert_rule_test!.length, 1, alert.name);
    const names = file.tests.map(({ name }) => name).join("\n");
    const words = alert.test.always
      ? ["fires whatever happens"]
      : ["fires once .* resolves", "quiet while all is well", "comes and goes", "no data|never was any data"];
    for (const word of words) assert.match(names, new RegExp(word), alert.name);
  }
});
