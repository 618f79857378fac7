import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import { TRACES_SOURCE_UID } from "../provisioning/data-sources.ts";

/** Traces of the chosen model in Grafana's Explore, in the form that 9.4 and later read. */
const TRACE_SEARCH = JSON.stringify({
  datasource: TRACES_SOURCE_UID,
  queries: [{ refId: "A", queryType: "search", service: "$service", tags: "ml.model.name=$model" }],
  range: { from: "now-1h", to: "now" },
});

/** Where a person goes on from a panel: what to do, the whole report, and single predictions. */
export function panelLinks(runbook: string): DashboardLinkBuilder[] {
  return [
    link("Runbook", `$docs/docs/runbooks/${runbook}.md`),
    link("Report", "$report"),
    link("Traces", `/explore?left=${encodeURIComponent(TRACE_SEARCH).replaceAll("%24", "$")}`),
  ];
}

function link(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}
