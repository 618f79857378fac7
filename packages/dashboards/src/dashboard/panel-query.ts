import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DATA_SOURCE } from "./data-source-variable.ts";
import type { PanelQuery, PanelSpec } from "./panel-spec.ts";

/** A panel's query: over time for what draws time, of this moment for bars; a table for shares. */
export function panelQuery(
  { expression, legend }: PanelQuery,
  index: number,
  kind: PanelSpec["kind"],
): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .datasource(DATA_SOURCE)
    .expr(expression)
    .legendFormat(legend);
  if (kind === "shares") return query.instant().format(PromQueryFormat.Table);
  return kind === "bars" ? query.instant() : query.range();
}
