import { alertTable, runbookPath } from "./alerting/alert-table.ts";
import { grafanaRules } from "./alerting/grafana-rules.ts";
import { grafanaContactPoints, grafanaPolicies } from "./alerting/notification-routes.ts";
import { prometheusRules } from "./alerting/prometheus-rules.ts";
import { ruleTests } from "./alerting/rule-tests.ts";
import { runbook } from "./alerting/runbook.ts";
import { modelHealthDashboard } from "./dashboard/model-health.ts";
import { overviewDashboard } from "./dashboard/overview.ts";
import { pipelineDashboard } from "./dashboard/pipeline.ts";
import { dashboardQueryTests } from "./dashboard/query-tests.ts";
import { dashboardProviderFile } from "./provisioning/dashboard-provider.ts";
import { dataSourcesFile } from "./provisioning/data-sources.ts";

/** Every file that this package makes: content by path, relative to the repository. Equal on every call. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "grafana/dashboards/overview.json": jsonText(overviewDashboard()),
    "grafana/dashboards/model-health.json": jsonText(modelHealthDashboard()),
    "grafana/dashboards/pipeline.json": jsonText(pipelineDashboard()),
    "grafana/provisioning/datasources/tidemark.yaml": dataSourcesFile(),
    "grafana/provisioning/dashboards/tidemark.yaml": dashboardProviderFile(),
    "grafana/provisioning/alerting/rules.yaml": grafanaRules(),
    "grafana/provisioning/alerting/contact-points.yaml": grafanaContactPoints(),
    "grafana/provisioning/alerting/policies.yaml": grafanaPolicies(),
    "grafana/alerting/prometheus-rules.yaml": prometheusRules(),
    "grafana/alerting/tests/model-health-dashboard.yaml": dashboardQueryTests(),
    ...Object.fromEntries(
      alertTable.flatMap((alert) => [
        [`grafana/alerting/tests/${alert.slug}.yaml`, ruleTests(alert)],
        [runbookPath(alert), runbook(alert)],
      ]),
    ),
  };
}

function jsonText(dashboard: unknown): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
