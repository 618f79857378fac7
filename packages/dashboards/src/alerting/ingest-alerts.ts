import { div, eq, gt, increase, n, rate, scalar, sum, vector } from "@grafana/promql-builder";
import { attr, metrics, prometheusLabel } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { labelNames, series } from "../promql/query.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { COMMON_TEST, probe, SUBJECT_TEXT, valueDetails } from "./alert-parts.ts";
import { thresholds } from "./thresholds.ts";

type IngestAlert = Omit<AlertDefinition, "dashboard" | "team"> & Partial<Pick<AlertDefinition, "team">>;

const RESULT = prometheusLabel(attr.ingestResult);
const REASON = prometheusLabel(attr.ingestReason);
const PROCESSOR = { job: "tidemark-processor", instance: "a" };

/** Alerts on the way into the processor: records that it does not take, a queue that fills, topics that it cannot read. */
export const ingestAlerts: readonly AlertDefinition[] = [
  recordsDropped(),
  recordsRejected(),
  queueFilling(),
  kafkaLost(),
].map((alert) => ({ team: "platform", ...alert, dashboard: DASHBOARD_UIDS.pipeline }));

function recordsDropped(): IngestAlert {
  const dropped = series(metrics.ingestRecords, { [attr.ingestResult]: "dropped" }).range("10m");
  const labels = { [RESULT]: "dropped", [REASON]: "store_failed" };
  return {
    name: "TidemarkDroppingRecords",
    slug: "tidemark-dropping-records",
    severity: "critical",
    subject: "ingest",
    expression: gt(sum(increase(dropped)).by(labelNames(attr.ingestReason)), n(0)).toString(),
    forMinutes: 0,
    keepFiringMinutes: 15,
    summary: "The processor loses records",
    meaning: "Records that the processor had taken could not be stored. They are lost; statistics rest on fewer rows.",
    details: valueDetails("number", "0 in ten minutes", `The reason is {{ $labels.${REASON} }}.`),
    steps: [
      "Read the processor's log: it names the reason (disk full, a fault of the store).",
      "Mend it; senders with retries send again what was refused, but not what was dropped.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.ingestRecords, { ...PROCESSOR, ...labels }, { kind: "counter", good: 0, bad: 60 })],
      downAfterMinutes: 30,
      flapping: "steady",
      labels: { [REASON]: "store_failed" },
      value: "600",
    },
  };
}

function recordsRejected(): IngestAlert {
  const received = (labels = {}) => sum(rate(series(metrics.ingestRecords, labels).range("10m")));
  const rejected = { [RESULT]: "rejected", [REASON]: "timestamp_too_old" };
  return {
    name: "TidemarkRejectingRecords",
    slug: "tidemark-rejecting-records",
    severity: "warning",
    subject: "ingest",
    expression: gt(
      div(received({ [attr.ingestResult]: "rejected" }), received()),
      scalar(vector(thresholds.rejectedRatio.record)),
    ).toString(),
    forMinutes: 10,
    keepFiringMinutes: 15,
    summary: "The processor refuses records",
    meaning:
      "More than one in a hundred records is refused: a sender does not keep the conventions, or its clock is wrong.",
    details: valueDetails(
      "percentage",
      thresholds.rejectedRatio,
      "tidemark_ingest_reason on the dashboard names the rule.",
    ),
    steps: [
      "Look at the reasons by `tidemark_ingest_reason` on the dashboard, and at the processor's log, which quotes an example.",
      "A timestamp that is too old or in the future is a wrong clock, or a replay against a live processor.",
      "Mend the sender; docs/reference/semconv.md says what each name must hold.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(metrics.ingestRecords, { ...PROCESSOR, [RESULT]: "accepted" }, { kind: "counter", good: 600, bad: 540 }),
        probe(metrics.ingestRecords, { ...PROCESSOR, ...rejected }, { kind: "counter", good: 0, bad: 60 }),
      ],
      upAfterMinutes: 15,
      downAfterMinutes: 30,
      flapping: "steady",
      labels: {},
      value: "10%",
    },
  };
}

function queueFilling(): IngestAlert {
  return {
    name: "TidemarkQueueFilling",
    slug: "tidemark-queue-filling",
    severity: "warning",
    subject: "queue",
    expression: gt(
      div(series(metrics.ingestQueueUsage), series(metrics.ingestQueueLimit)),
      scalar(vector(thresholds.queueUsage.record)),
    ).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `The queue before the store of ${SUBJECT_TEXT.process} fills up`,
    meaning: "Records arrive faster than they are stored; soon senders are told to slow down.",
    details: valueDetails(
      "percentage",
      thresholds.queueUsage,
      "A slow or full disk, or more traffic than one processor stores.",
    ),
    steps: [
      "See the disk of the data folder: space, and how busy it is.",
      "Let the Collector send larger batches (`sending_queue.batch`): an insert costs as much for 100 rows as for 10,000.",
      "Sample the prediction events in the instrumentation; profiles are not sampled and stay exact.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(metrics.ingestQueueUsage, PROCESSOR, { kind: "gauge", good: 1, bad: 90 }),
        probe(metrics.ingestQueueLimit, PROCESSOR, { kind: "gauge", good: 100, bad: 100 }),
      ],
      labels: PROCESSOR,
      value: "90%",
    },
  };
}

function kafkaLost(): IngestAlert {
  return {
    name: "TidemarkKafkaLost",
    slug: "tidemark-kafka-lost",
    severity: "critical",
    subject: "kafka",
    expression: eq(series(metrics.kafkaConnected), n(0)).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `${SUBJECT_TEXT.process} cannot read from Kafka`,
    meaning:
      "What the Collector writes to Kafka waits there, and is lost when the topics' retention ends. Replicas judge nothing while no broker answers.",
    details: valueDetails(
      "number",
      "connected",
      "The brokers are down or refuse the processor, or a topic is missing.",
    ),
    steps: [
      "Ask the processor for the reason: `curl http://HOST:4318/readyz` has it under `kafka`.",
      "It is tried again every ten seconds at most: nothing is to be restarted once the brokers answer, or the topic is there.",
      "See that the topics' retention is longer than the outage, and raise it meanwhile where it is not.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.kafkaConnected, PROCESSOR, { kind: "gauge", good: 1, bad: 0 })],
      labels: PROCESSOR,
      value: "0",
    },
  };
}
