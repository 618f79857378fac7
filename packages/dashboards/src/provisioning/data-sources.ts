import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";

/** Identity of the Prometheus data source in Grafana, which alert rules must name. */
export const DATA_SOURCE_UID = "tidemark-prometheus";

/** The Prometheus that holds the processor's metrics, and the trace backend; their addresses come from the environment. */
const DATA_SOURCES = [
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
  {
    name: "Tidemark traces",
    uid: "tidemark-traces",
    type: "jaeger",
    access: "proxy",
    url: "$TIDEMARK_TRACES_QUERY_URL",
    editable: false,
  },
];

/** grafana/provisioning/datasources/tidemark.yaml: where Grafana reads metrics and traces. */
export function dataSourcesFile(): string {
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, datasources: DATA_SOURCES })}`;
}
