import { div, max, rate, sum } from "@grafana/promql-builder";
import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { thresholds } from "../alerting/thresholds.ts";
import { ageLines } from "../promql/data-age.ts";
import { labelNames, legendOf, series } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";

/** Is Tidemark itself well? */
export const processorRow: RowSpec = {
  title: "Tidemark: is the monitor itself well?",
  runbook: "tidemark-queue-filling",
  panels: [
    {
      kind: "timeseries",
      title: "What becomes of the records?",
      description:
        "Records a second by result. Rejected ones say why in tidemark_ingest_reason and in the processor's log; dropped ones are lost: raise server.maxQueuedBytes.",
      unit: "short",
      queries: [
        {
          expression: sum(rate(series(metrics.ingestRecords).range("$__rate_interval")))
            .by(labelNames(attr.ingestResult, attr.ingestReason))
            .toString(),
          legend: legendOf(attr.ingestResult, attr.ingestReason),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 7,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How full is the queue?",
      description:
        "Share of the queue before the store that is in use. Near 1 senders are told to slow down: the disk is too slow or full.",
      unit: "percentunit",
      queries: [
        {
          expression: div(max(series(metrics.ingestQueueUsage)), max(series(metrics.ingestQueueLimit))).toString(),
          legend: "queue",
        },
      ],
      lines: [{ expression: thresholds.queueUsage.record, legend: "line" }],
      thresholds: NO_LINE,
      width: 8,
      height: 7,
      min: 0,
      max: 1,
    },
    {
      ...timing(
        metrics.dataAge,
        "How old is the newest record?",
        "Time since the newest prediction or point of a model; dashed, while it is silent, the ages from which that is a warning and critical at this hour of the week, else the fixed line of the first weeks. If it is above them, see whether the service runs and its exporter reaches the Collector.",
        NO_LINE,
      ),
      lines: [{ expression: ageLines().toString(), legend: legendOf(attr.modelName, attr.monitorState) }],
    },
    timing(
      metrics.evaluationLag,
      "How far behind are the verdicts?",
      "Event time between the watermark and the newest judged window. Above the shortest window's length, evaluation does not keep up.",
      rising(3_600, 86_400),
    ),
    timing(
      metrics.scheduleOverdue,
      "Is a scheduled run missing?",
      "Time since the earliest run of a model's schedule that was not made could have been; 0 where none is missing, nothing where no model has a schedule.",
      rising(60, 900),
    ),
    timing(
      metrics.evaluationDuration,
      "How long does a window take to judge?",
      "Time of the latest evaluation. If it grows with the data, shorten the windows or add a processor.",
      rising(10, 60),
    ),
  ],
};

function timing(
  definition: MetricDefinition,
  title: string,
  description: string,
  thresholds: PanelSpec["thresholds"],
): PanelSpec {
  return {
    kind: "timeseries",
    title,
    description,
    unit: "s",
    queries: [
      {
        expression: max(series(definition)).by(labelNames(attr.modelName)).toString(),
        legend: legendOf(attr.modelName),
      },
    ],
    thresholds,
    width: 8,
    height: 7,
    min: 0,
  };
}
