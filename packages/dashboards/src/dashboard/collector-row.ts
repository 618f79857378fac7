import { div, max, rate, sum, vector } from "@grafana/promql-builder";
import { metrics } from "@tidemark/semconv";
import { collectorMetrics } from "../alerting/collector-metrics.ts";
import { thresholds } from "../alerting/thresholds.ts";
import { series } from "../promql/query.ts";
import { NO_LINE, type RowSpec, rising } from "./panel-spec.ts";

/** Does everything that was sent arrive? */
export const collectorRow: RowSpec = {
  title: "Way of the data: does everything that was sent arrive?",
  runbook: "collector-queue-filling",
  panels: [
    {
      kind: "stat",
      title: "Would we hear of it?",
      description:
        "Time since the alert that always fires reached the responder. It comes every five minutes: above 15, rules are not evaluated or Alertmanager does not deliver, and no other alert would come either.",
      unit: "s",
      queries: [{ expression: max(series(metrics.responderHeartbeatAge)).toString(), legend: "heartbeat" }],
      thresholds: rising(600, 900),
      width: 12,
      height: 4,
    },
    {
      kind: "stat",
      title: "Did every canary arrive?",
      description:
        "Canary predictions that were sent and never read back, since the responder started (`watch.canary`). Above 0: somewhere between exporter and store records are lost; follow the queues.",
      unit: "none",
      queries: [
        { expression: sum(series(metrics.responderCanaries).label("result", "lost")).toString(), legend: "lost" },
      ],
      thresholds: rising(1, 1),
      width: 12,
      height: 4,
    },
    {
      kind: "timeseries",
      title: "How full are the Collector's queues?",
      description:
        "Share of each exporter's queue in use, with the alert's line. A queue that grows means that its target is down or slow: see whether it answers.",
      unit: "percentunit",
      queries: [
        {
          expression: max(div(vector(collectorMetrics.queueSize), vector(collectorMetrics.queueCapacity)))
            .by(["exporter", "data_type"])
            .toString(),
          legend: "{{exporter}} {{data_type}}",
        },
      ],
      lines: [{ expression: thresholds.queueUsage.record, legend: "line" }],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "What does the Collector take in?",
      description:
        "Records, points and spans a second that receivers accepted. Compare with what the services send: less means that a sender cannot reach it.",
      unit: "cps",
      queries: Object.entries(collectorMetrics.accepted).map(([kind, name]) => ({
        expression: sum(rate(vector(name).range("$__rate_interval")))
          .by(["receiver"])
          .toString(),
        legend: `${kind} {{receiver}}`,
      })),
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "What does the Collector send on?",
      description:
        "Records, points and spans a second that exporters delivered. Less than what came in, for long: the queue fills, and the panel on the left says whose.",
      unit: "cps",
      queries: Object.entries(collectorMetrics.sent).map(([kind, name]) => ({
        expression: sum(rate(vector(name).range("$__rate_interval")))
          .by(["exporter"])
          .toString(),
        legend: `${kind} {{exporter}}`,
      })),
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
  ],
};
