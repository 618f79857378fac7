import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DATA_SOURCE } from "./data-source-variable.ts";
import type { PanelKind, PanelQuery } from "./panel-spec.ts";

/** A panel's query: over time for what draws time, of this moment for bars and tables. */
export function panelQuery({ expression, legend }: PanelQuery, index: number, kind: PanelKind): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(DATA_SOURCE)
    .expr(expression)
    .legendFormat(legend);
  if (kind === "table") return query.instant().format(PromQueryFormat.Table);
  return kind === "bars" ? query.instant() : query.range();
}

/** `A` for the first query of a panel, `B` for the second. */
export function refIdOf(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
