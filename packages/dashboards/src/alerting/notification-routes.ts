import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";

/**
 * grafana/provisioning/alerting/contact-points.yaml: where Grafana's alerts go. Addresses and tokens come from the
 * environment; each is a webhook until a team puts its pager or its chat there.
 */
export function grafanaContactPoints(): string {
  const contactPoints = [
    webhook("tidemark-responder", "$TIDEMARK_RESPONDER_URL/webhooks/grafana", "$TIDEMARK_WEBHOOK_TOKEN"),
    webhook("tidemark-heartbeat", "$TIDEMARK_HEARTBEAT_URL"),
    webhook("tidemark-on-call", "$TIDEMARK_ON_CALL_URL"),
    webhook("tidemark-data-science", "$TIDEMARK_DATA_SCIENCE_URL"),
    webhook("tidemark-service", "$TIDEMARK_SERVICE_TEAM_URL"),
    webhook("tidemark-platform", "$TIDEMARK_PLATFORM_URL"),
  ];
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, contactPoints })}`;
}

/** grafana/provisioning/alerting/policies.yaml: the routes of deploy/alertmanager/alertmanager.yml, in Grafana's words. */
export function grafanaPolicies(): string {
  const GROUP_BY = ["grafana_folder", "alertname", "ml_model_name", "ml_model_version", "ml_window_name"];
  const matching = (...matchers: string[][]) => ({ object_matchers: matchers });
  const team = (name: string) => ({ receiver: `tidemark-${name}`, ...matching(["team", "=", name]) });
  const policies = [
    {
      orgId: 1,
      receiver: "tidemark-platform",
      group_by: GROUP_BY,
      group_wait: "5s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [
        {
          receiver: "tidemark-heartbeat",
          ...matching(["severity", "=", "none"]),
          group_wait: "0s",
          repeat_interval: "5m",
        },
        {
          receiver: "tidemark-responder",
          ...matching(["ml_model_name", "=~", ".+"], ["severity", "=~", "warning|critical"]),
          continue: true,
        },
        {
          receiver: "tidemark-on-call",
          ...matching(["severity", "=", "critical"]),
          repeat_interval: "1h",
          continue: true,
        },
        team("data-science"),
        team("service"),
        team("platform"),
      ],
    },
  ];
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, policies })}`;
}

function webhook(name: string, url: string, token?: string): Record<string, unknown> {
  const authorization = token === undefined ? {} : { authorization_scheme: "Bearer", authorization_credentials: token };
  return { orgId: 1, name, receivers: [{ uid: name, type: "webhook", settings: { url, ...authorization } }] };
}
