import { rate, sum, vector } from "@grafana/promql-builder";
import { attr, metrics } from "@tidemark/semconv";
import { recorded } from "../alerting/recording-rules.ts";
import { thresholds } from "../alerting/thresholds.ts";
import { labelNames, legendOf, series } from "../promql/query.ts";
import { NO_LINE, type PanelQuery, type RowSpec } from "./panel-spec.ts";

const OF_MODEL = { [attr.modelName]: "$model" };
const RECORDED_NOTE = "Empty without the rule file grafana/alerting/prometheus-rules.yaml.";

/** What the service itself says, now: no processor is needed for this row. */
export const liveServiceRow: RowSpec = {
  title: "Service now: does it answer, fast enough and without errors?",
  runbook: "model-error-ratio-critical",
  panels: [
    {
      kind: "timeseries",
      title: "How many predictions a second?",
      description:
        "Predictions a second, and what this hour usually has. Far below: lost traffic or lost telemetry. Far above: a new client or a loop of retries.",
      unit: "reqps",
      queries: [
        {
          expression: sum(rate(series(metrics.inferencePredictions, OF_MODEL).range("$__rate_interval")))
            .by(labelNames(attr.modelVersion))
            .toString(),
          legend: legendOf(attr.modelVersion),
        },
      ],
      lines: [line(recorded.usualThroughput, "usual at this hour")],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How long does a call take now?",
      description: `95 % and 99 % quantile of the last five minutes with their lines. If both rise, look at CPU; if only the higher one does, open a slow trace. ${RECORDED_NOTE}`,
      unit: "s",
      queries: ([95, 99] as const).map((quantile) => ({
        expression: vectorOf(recorded.latency(quantile)),
        legend: `p${quantile} ${legendOf(attr.modelVersion)}`,
      })),
      lines: [
        { expression: thresholds.latencyP95.record, legend: "line of p95" },
        { expression: thresholds.latencyP99.record, legend: "line of p99" },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How many predictions fail now?",
      description: `Share of failed predictions of the last five minutes with the lines of the alerts. The class of error stands in error_type: open a trace of one. ${RECORDED_NOTE}`,
      unit: "percentunit",
      queries: [{ expression: vectorOf(recorded.failedShare("5m")), legend: legendOf(attr.modelVersion) }],
      lines: [
        { expression: thresholds.errorRatioWarning.record, legend: "line of the warning" },
        { expression: thresholds.errorRatioCritical.record, legend: "line of critical" },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "Which classes does it predict?",
      description:
        "Predictions a second by predicted class. One class that takes over all of a sudden is a broken input or a broken model: compare with the features that drifted.",
      unit: "reqps",
      queries: [
        {
          expression: sum(rate(series(metrics.predictionLabels, OF_MODEL).range("$__rate_interval")))
            .by(labelNames(attr.modelVersion, attr.predictionLabel))
            .toString(),
          legend: legendOf(attr.modelVersion, attr.predictionLabel),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 7,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How much CPU does each process use?",
      description:
        "Cores in use by serving process, with the line above which one process is saturated. Near it: add a replica before latency follows.",
      unit: "none",
      queries: [
        {
          expression: rate(
            series(metrics.processCpuTime).label("job", "$service").range("$__rate_interval"),
          ).toString(),
          legend: "{{instance}}",
        },
      ],
      lines: [{ expression: thresholds.cpuCores.record, legend: "line" }],
      thresholds: NO_LINE,
      width: 8,
      height: 7,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How much memory does each process hold?",
      description:
        "Resident memory by serving process. A steady rise without more traffic is a leak: take a heap snapshot, and set a limit.",
      unit: "bytes",
      queries: [
        {
          expression: series(metrics.processMemoryUsage).label("job", "$service").toString(),
          legend: "{{instance}}",
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 7,
      min: 0,
    },
  ],
};

function vectorOf(record: string): string {
  return vector(record).label(labelNames(attr.modelName)[0]!, "$model").toString();
}

function line(record: string, legend: string): PanelQuery {
  return { expression: vectorOf(record), legend };
}
