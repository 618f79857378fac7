import {
  type BinaryExprBuilder,
  div,
  eq,
  gt,
  increase,
  max,
  n,
  or,
  scalar,
  sum,
  vector,
} from "@grafana/promql-builder";
import { attr, metrics, prometheusLabel } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { labelNames, series } from "../promql/query.ts";
import { withLabel } from "../promql/with-label.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { COMMON_TEST, probe, TESTED, valueDetails } from "./alert-parts.ts";
import { collectorMetrics } from "./collector-metrics.ts";
import { thresholds } from "./thresholds.ts";

type TransportAlert = Omit<AlertDefinition, "dashboard" | "team"> & Partial<Pick<AlertDefinition, "team">>;

const DROP_REASON = prometheusLabel(attr.dropReason);
const EXPORTER = { exporter: "otlp_http/processor" };
const COLLECTOR = { job: "otel-collector", instance: "collector:8888", ...EXPORTER };

/** Alerts on the way of the data before and behind the processor: instrumentation, Collector, responder. */
export const transportAlerts: readonly AlertDefinition[] = [
  instrumentationDropping(),
  collectorQueueFilling(),
  collectorExportFailing(),
  collectorLosingData(),
  responderWithoutLeader(),
].map((alert) => ({ team: "platform", ...alert, dashboard: DASHBOARD_UIDS.pipeline }));

function instrumentationDropping(): TransportAlert {
  const labels = { ...TESTED.process, [DROP_REASON]: "invalid_record" };
  const dropped = series(metrics.instrumentationDropped).range("10m");
  return {
    name: "TidemarkInstrumentationDropping",
    slug: "tidemark-instrumentation-dropping",
    severity: "warning",
    team: "service",
    subject: "instrumentation",
    expression: gt(sum(increase(dropped)).by(["job", ...labelNames(attr.dropReason)]), n(0)).toString(),
    forMinutes: 5,
    keepFiringMinutes: 15,
    summary: "{{ $labels.job }} does not record all that it predicts",
    meaning: "The instrumentation in the service could not record something. The service itself is not affected.",
    details: valueDetails("number", "0 in ten minutes", `The reason is {{ $labels.${DROP_REASON} }}.`),
    steps: [
      "The reason names what was dropped; the table is in packages/instrumentation/README.md.",
      "A record of the wrong form is a fault in the service's call of the record API: its log has a warning once.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.instrumentationDropped, labels, { kind: "counter", good: 0, bad: 6 })],
      downAfterMinutes: 30,
      flapping: "steady",
      labels: { job: TESTED.process.job, [DROP_REASON]: "invalid_record" },
      value: "60",
    },
  };
}

function collectorQueueFilling(): TransportAlert {
  const labels = { ...COLLECTOR, data_type: "logs" };
  return {
    name: "CollectorQueueFilling",
    slug: "collector-queue-filling",
    severity: "warning",
    subject: "queue",
    expression: gt(
      max(div(vector(collectorMetrics.queueSize), vector(collectorMetrics.queueCapacity))).by(["instance", "exporter"]),
      scalar(vector(thresholds.queueUsage.record)),
    ).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: "The Collector's queue of {{ $labels.exporter }} fills up",
    meaning: "The Collector receives more than the exporter's target takes. When the queue is full, data is lost.",
    details: valueDetails("percentage", thresholds.queueUsage, "The target is down or slow, or the network to it is."),
    steps: [
      "See whether the exporter's target answers; the Collector's log quotes its errors.",
      "If it is slow but well, raise `num_consumers` and let the queue send larger batches.",
      "If it will be down for long, give the queue more room: `queue_size`, and disk for `file_storage`.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(collectorMetrics.queueSize, labels, { kind: "gauge", good: 0, bad: 4_500 }),
        probe(collectorMetrics.queueCapacity, labels, { kind: "gauge", good: 5_000, bad: 5_000 }),
      ],
      labels: { instance: COLLECTOR.instance, ...EXPORTER },
      value: "90%",
    },
  };
}

function collectorExportFailing(): TransportAlert {
  return {
    name: "CollectorExportFailing",
    slug: "collector-export-failing",
    severity: "critical",
    subject: "collector",
    expression: gt(anyOf(collectorMetrics.sendFailed, "10m"), n(0)).toString(),
    forMinutes: 0,
    keepFiringMinutes: 15,
    summary: "The Collector gave up sending {{ $labels.telemetry }} to {{ $labels.exporter }}",
    meaning:
      "An exporter gave data up: the target refused it for good, or the time for retries ran out. What was given up is lost.",
    details: valueDetails("number", "0 in ten minutes", "The target answered with an error that no retry mends."),
    steps: [
      "Read the Collector's log for the exporter: the answer of the target is quoted there.",
      "Towards the processor retries never end; data is given up there only when the processor refuses it as undecodable.",
      "Prometheus refuses delta temporality and samples that are too old: see docs/backends.md.",
    ],
    test: countedTest(collectorMetrics.sendFailed.logs, "logs"),
  };
}

function collectorLosingData(): TransportAlert {
  return {
    name: "CollectorLosingData",
    slug: "collector-losing-data",
    severity: "critical",
    subject: "collector",
    expression: gt(anyOf(collectorMetrics.enqueueFailed, "10m"), n(0)).toString(),
    forMinutes: 0,
    keepFiringMinutes: 15,
    summary: "The Collector's queue of {{ $labels.exporter }} is full: {{ $labels.telemetry }} are lost",
    meaning: "The queue of an exporter was full, and what came then was refused. Senders that retry may send it again.",
    details: valueDetails("number", "0 in ten minutes", "The target was down or slow for longer than the queue holds."),
    steps: [
      "Bring the exporter's target back: its runbook is that of CollectorQueueFilling.",
      "Give the queue more room: `queue_size`, and disk for `file_storage`.",
    ],
    test: countedTest(collectorMetrics.enqueueFailed.metrics, "metrics"),
  };
}

function responderWithoutLeader(): TransportAlert {
  const labels = { job: "tidemark-responder", instance: "a" };
  return {
    name: "TidemarkResponderWithoutLeader",
    slug: "tidemark-responder-without-leader",
    severity: "critical",
    subject: "responder",
    expression: eq(max(series(metrics.responderLeader)), n(0)).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: "No responder holds the lease: alerts lead to no action",
    meaning: "Replicas of the responder run, but none may act. Alerts are taken and kept; actions wait.",
    details: valueDetails(
      "number",
      "1 replica with the lease",
      "The lease's file is not writable, or the clocks disagree.",
    ),
    steps: [
      "Read the replicas' logs: they say why the lease cannot be taken.",
      "Act by hand meanwhile: `tidemark incident list` shows what waits.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.responderLeader, labels, { kind: "gauge", good: 1, bad: 0 })],
      labels: {},
      value: "0",
    },
  };
}

/** What was counted of any kind of telemetry, told apart by a label: the Collector counts each under its own name. */
function anyOf(names: Readonly<Record<string, string>>, range: string): BinaryExprBuilder {
  const [first, second, third] = Object.entries(names).map(([kind, name]) =>
    withLabel(sum(increase(vector(name).range(range))).by(["instance", "exporter"]), "telemetry", kind),
  );
  return or(or(first!, second!), third!);
}

/** A test of a counter that grows by one a second while it is bad. */
function countedTest(metric: string, telemetry: string): AlertDefinition["test"] {
  return {
    ...COMMON_TEST,
    probes: [probe(metric, COLLECTOR, { kind: "counter", good: 0, bad: 60 })],
    downAfterMinutes: 30,
    flapping: "steady",
    labels: { instance: COLLECTOR.instance, ...EXPORTER, telemetry },
    value: "600",
  };
}
