import { max, sum } from "@grafana/promql-builder";
import { attr, metrics } from "@tidemark/semconv";
import { labelNames, series } from "../promql/query.ts";
import { NO_LINE, type RowSpec, rising } from "./panel-spec.ts";
import { tableOf } from "./table-of.ts";

const CAUSE = {
  [attr.modelName]: "Model",
  [attr.modelVersion]: "Version",
  [attr.windowName]: "Window",
  [attr.causeKind]: "First cause",
  [attr.causeTarget]: "In",
};

/** What is wrong, and what is done about it? */
export const incidentRow: RowSpec = {
  title: "Incidents: what is wrong, and what is done about it?",
  runbook: "model-drift-critical",
  panels: [
    {
      kind: "table",
      title: "What is the first cause?",
      description:
        "First causes in the newest window of every model. A fault (unit_change, nulls, stuck, type_change, silence) is mended at its feed; a shift of the world calls for retraining.",
      unit: "none",
      queries: [
        {
          expression: max(series(metrics.monitorCause))
            .by(labelNames(...Object.keys(CAUSE)))
            .toString(),
          legend: "found",
        },
      ],
      thresholds: NO_LINE,
      transformations: tableOf(CAUSE, ["found"]),
      width: 12,
      height: 8,
    },
    {
      kind: "timeseries",
      title: "How many cases are open?",
      description:
        "Open cases of the responder by model and severity. A case that stays open for days is either accepted, and should be marked so, or forgotten.",
      unit: "none",
      queries: [
        {
          expression: sum(series(metrics.alertActive))
            .by([...labelNames(attr.modelName), "severity"])
            .toString(),
          legend: "{{ml_model_name}} {{severity}}",
        },
      ],
      thresholds: rising(1, 5),
      width: 6,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "What did the responder do?",
      description:
        "Actions that came to an end, by rung and result. Failed ones need a person: the responder's page names the case.",
      unit: "none",
      queries: [
        {
          expression: sum(series(metrics.actionExecutions)).by(["type", "result"]).toString(),
          legend: "{{type}} {{result}}",
        },
      ],
      thresholds: NO_LINE,
      width: 6,
      height: 8,
      min: 0,
    },
    {
      kind: "text",
      title: "Nothing to see here?",
      description: [
        "**No model in the list above:** no processor has sent a verdict to this Prometheus. See whether `tidemark_ingest_queue_limit_bytes` exists; if not, the way of the results is broken (`export.url` in tidemark.yaml, or the scrape of `/metrics`).",
        "**A model, but no numbers:** its first window has not closed yet; the shortest window's length and `allowedLateness` must pass first.",
        "**Objectives empty:** load `grafana/alerting/prometheus-rules.yaml` into Prometheus or your ruler.",
        "**Latency empty although calls are made:** the service sends exponential histograms and this backend keeps no native histograms; see docs/backends.md.",
      ].join("\n\n"),
      unit: "none",
      queries: [],
      thresholds: NO_LINE,
      width: 24,
      height: 6,
    },
  ],
};
