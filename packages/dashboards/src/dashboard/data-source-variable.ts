import { DatasourceVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/** The chosen Prometheus, so that the dashboard works in any Grafana. */
export const DATA_SOURCE = { type: "prometheus", uid: "$datasource" };

export function dataSourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus");
}
