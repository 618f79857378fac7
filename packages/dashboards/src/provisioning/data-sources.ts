import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";

/** Identity of the Prometheus data source in Grafana, which alert rules must name. */
export const DATA_SOURCE_UID = "tidemark-prometheus";

/** Identity of the trace backend, which the panels' links to traces name. */
export const TRACES_SOURCE_UID = "tidemark-traces";

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
    uid: TRACES_SOURCE_UID,
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
