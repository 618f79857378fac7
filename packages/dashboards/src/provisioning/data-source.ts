import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";

/** Identity of the Prometheus data source in Grafana, which alert rules must name. */
export const DATA_SOURCE_UID = "tidemark-prometheus";

/** grafana/provisioning/datasources/prometheus.yaml: the Prometheus that holds the processor's metrics. */
export function dataSourceFile(): string {
  const datasources = [
    {
      name: "Tidemark Prometheus",
      uid: DATA_SOURCE_UID,
      type: "prometheus",
      access: "proxy",
      url: "$TIDEMARK_PROMETHEUS_URL",
      isDefault: true,
      editable: false,
      jsonData: { httpMethod: "POST", timeInterval: "15s" },
    },
  ];
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, datasources })}`;
}
