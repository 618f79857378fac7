import { generatedFiles } from "@tidemark/dashboards";
import { parse } from "yaml";
import { alertTable } from "../../src/alerting/alert-table.ts";
import { recordingRules } from "../../src/alerting/recording-rules.ts";
import { DASHBOARD_FILES, dashboardJson } from "./dashboard-json.ts";

interface Expression {
  readonly place: string;
  readonly text: string;
}

/** Every PromQL expression that this package writes: where it stands, and its text with Grafana's ranges filled in. */
export function everyExpression(): Expression[] {
  const dashboards = DASHBOARD_FILES.map(dashboardJson);
  const panels = dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ place: title, text: expr }))),
  );
  const marks = dashboards.flatMap(({ title, annotations }) =>
    annotations.list.map(({ name, expr }) => ({ place: `${title}: ${name}`, text: expr })),
  );
  const variables = dashboards.flatMap(({ templating }) =>
    templating.list.flatMap((variable) => {
      const selector = /^label_values\((.*), \w+\)$/.exec(variable.definition ?? "")?.[1];
      return selector === undefined ? [] : [{ place: `variable ${variable.name}`, text: selector }];
    }),
  );
  const alerts = alertTable.map((alert) => ({ place: alert.name, text: alert.expression }));
  const records = recordingRules().map(({ record, expression }) => ({ place: record, text: expression }));
  return [...panels, ...marks, ...variables, ...alerts, ...records, ...grafanaQueries()].map(({ place, text }) => ({
    place,
    text: text.replaceAll("$__rate_interval", "5m"),
  }));
}

function grafanaQueries(): Expression[] {
  interface Rule {
    readonly title: string;
    readonly data: readonly { refId: string; model: { expr?: string } }[];
  }
  const file = parse(generatedFiles()["grafana/provisioning/alerting/rules.yaml"]!) as { groups: { rules: Rule[] }[] };
  return file.groups
    .flatMap((group) => group.rules)
    .flatMap(({ title, data }) =>
      data.flatMap(({ refId, model }) =>
        model.expr === undefined ? [] : [{ place: `Grafana's ${title} ${refId}`, text: model.expr }],
      ),
    );
}
