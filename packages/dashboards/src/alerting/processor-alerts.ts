import { absent, div, eq, gt, increase, max, n, rate, scalar, sum, vector } from "@grafana/promql-builder";
import { attr, metrics, prometheusLabel } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { labelNames, series } from "../promql/query.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { COMMON_TEST, probe, SUBJECT_TEXT, valueDetails } from "./alert-parts.ts";
import { thresholds } from "./thresholds.ts";

type ProcessorAlert = Omit<AlertDefinition, "dashboard" | "team"> & Partial<Pick<AlertDefinition, "team">>;

const MODEL_NAME = prometheusLabel(attr.modelName);
const RESULT = prometheusLabel(attr.ingestResult);
const REASON = prometheusLabel(attr.ingestReason);
const PROCESSOR = { job: "tidemark-processor", instance: "a" };
const MODEL = { [MODEL_NAME]: "flight-delay" };

/** Alerts on the processor, and on the silence of a model that only it can see. */
export const processorAlerts: readonly AlertDefinition[] = [
  heartbeat(),
  processorAbsent(),
  modelSilent(),
  evaluationLagging(),
  scheduledRunMissed(),
  recordsDropped(),
  recordsRejected(),
  queueFilling(),
  kafkaLost(),
].map((alert) => ({ team: "platform", ...alert, dashboard: DASHBOARD_UIDS.pipeline }));

function heartbeat(): ProcessorAlert {
  return {
    name: "TidemarkHeartbeat",
    slug: "tidemark-heartbeat",
    severity: "none",
    subject: "heartbeat",
    expression: "vector(1)",
    forMinutes: 0,
    keepFiringMinutes: 0,
    summary: "The way of the alerts works",
    meaning:
      "A dead man's switch: this alert always fires. Whoever receives it must raise an alarm when it stays away, since then no other alert arrives either.",
    details: valueDetails("number", "none: it always fires", "none"),
    steps: [
      "It fires: nothing to do. Route it to a service that alarms when a heartbeat is missing.",
      "It is missing: see whether Prometheus evaluates rules, whether it reaches Alertmanager, and whether Alertmanager delivers.",
    ],
    test: { ...COMMON_TEST, probes: [], labels: {}, value: "1", always: true, silence: "fires" },
  };
}

function processorAbsent(): ProcessorAlert {
  return {
    name: "TidemarkProcessorAbsent",
    slug: "tidemark-processor-absent",
    severity: "critical",
    subject: "missing_data",
    expression: absent(series(metrics.ingestQueueLimit)).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: "No Tidemark processor sends metrics",
    meaning:
      "Nothing is judged, or its results do not arrive: the state of every model is unknown. Old states stand for an hour.",
    details: valueDetails("number", "one processor", "The processor is down, or the way of its results is broken."),
    steps: [
      "Ask the processor: `curl http://HOST:4318/readyz`. If it does not answer, its log says why in one line.",
      "If it answers, see `export.url` in its configuration, the Collector's receiver for results, and Prometheus' OTLP receiver.",
      "What the services sent meanwhile waits in the Collector's queue and is counted when the processor is back.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.ingestQueueLimit, PROCESSOR, { kind: "gauge", good: 256, bad: null })],
      upAfterMinutes: 14,
      flapMinutes: 4,
      labels: {},
      value: "1",
      silence: "fires",
    },
  };
}

function modelSilent(): ProcessorAlert {
  return {
    name: "ModelSilent",
    slug: "model-silent",
    severity: "critical",
    team: "service",
    subject: "missing_data",
    expression: gt(
      max(series(metrics.dataAge)).by(labelNames(attr.modelName)),
      scalar(vector(thresholds.dataAge.record)),
    ).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `Nothing comes from {{ $labels.${MODEL_NAME} }} any more`,
    meaning: "The processor is well, but neither predictions nor points of the model have come for half an hour.",
    details: valueDetails(
      "duration",
      thresholds.dataAge,
      "The service, its exporter or the Collector's receiver stopped.",
    ),
    steps: [
      "See whether the service runs and answers (throughput on this dashboard comes from the service itself).",
      "If it answers, its exporter does not reach the Collector: look at the address and at the Collector's refused records.",
      "A model that predicts once a day: raise `tidemark:threshold:data_age_seconds`, or silence it for the model.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.dataAge, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 15, bad: 7_200 })],
      labels: MODEL,
      value: "2h 0m 0s",
    },
  };
}

function evaluationLagging(): ProcessorAlert {
  return {
    name: "TidemarkEvaluationLagging",
    slug: "tidemark-evaluation-lagging",
    severity: "warning",
    subject: "evaluation",
    expression: gt(
      max(series(metrics.evaluationLag)).by(labelNames(attr.modelName)),
      scalar(vector(thresholds.evaluationLag.record)),
    ).toString(),
    forMinutes: 30,
    keepFiringMinutes: 10,
    summary: `The verdicts on {{ $labels.${MODEL_NAME} }} fall behind`,
    meaning: "Records arrive faster than windows are judged, or judging fails.",
    details: valueDetails(
      "duration",
      thresholds.evaluationLag,
      "Too many windows or targets for one processor, or a failing store.",
    ),
    steps: [
      "Read `GET /v1/status`: `evaluation.failures` above 0 names a fault in the log; else judging takes too long.",
      "Leave out short windows, or segments, that nobody looks at.",
      "Give the processor a faster disk or another core.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.evaluationLag, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 3_600, bad: 259_200 })],
      upAfterMinutes: 32,
      labels: MODEL,
      value: "3d 0h 0m 0s",
    },
  };
}

function scheduledRunMissed(): ProcessorAlert {
  return {
    name: "TidemarkScheduledRunMissed",
    slug: "tidemark-scheduled-run-missed",
    severity: "warning",
    subject: "evaluation",
    expression: gt(
      max(series(metrics.scheduleOverdue)).by(labelNames(attr.modelName)),
      scalar(vector(thresholds.scheduleOverdue.record)),
    ).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `A scheduled run of {{ $labels.${MODEL_NAME} }} was not made`,
    meaning:
      "The model has a `schedule`, its time has come, and its windows are not judged: the verdicts that people wait for are not there.",
    details: valueDetails("duration", thresholds.scheduleOverdue, "A failing store, or runs that take too long."),
    steps: [
      "Read `GET /v1/status`: `models[].schedule` says when the last run was made and which is next; `evaluation.failures` above 0 names a fault in the log.",
      "Nothing is lost: the run is made, once for all that were missed, as soon as the fault is mended or the processor is back.",
      "If runs take longer than the schedule leaves between them, let it run less often, or leave out windows or segments.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.scheduleOverdue, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 0, bad: 7_200 })],
      labels: MODEL,
      value: "2h 0m 0s",
    },
  };
}

function recordsDropped(): ProcessorAlert {
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

function recordsRejected(): ProcessorAlert {
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

function queueFilling(): ProcessorAlert {
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

function kafkaLost(): ProcessorAlert {
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
