import { alertExpression, alertTable } from "../../src/alerting/alert-table.ts";
import { modelHealth } from "./dashboard-json.ts";

/** Every PromQL expression that this package writes: where it stands, and its text with Grafana's ranges filled in. */
export function everyExpression(): { readonly place: string; readonly text: string }[] {
  const panels = modelHealth().panels.flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ place: panel.title, text: target.expr })),
  );
  const variables = modelHealth().templating.list.flatMap((variable) => {
    const selector = /^label_values\((.*), \w+\)$/.exec(variable.definition ?? "")?.[1];
    return selector === undefined ? [] : [{ place: `variable ${variable.name}`, text: selector }];
  });
  const alerts = alertTable.map((alert) => ({ place: alert.name, text: alertExpression(alert) }));
  return [...panels, ...variables, ...alerts].map(({ place, text }) => ({
    place,
    text: text.replaceAll("$__rate_interval", "5m"),
  }));
}
