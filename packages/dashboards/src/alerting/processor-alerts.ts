import { absent, gt, max, or, scalar, unless, vector } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics, prometheusLabel } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { ageLimit, dataAge } from "../promql/data-age.ts";
import { labelNames, series } from "../promql/query.ts";
import type { AlertDefinition, Probe } from "./alert-definition.ts";
import { COMMON_TEST, probe, valueDetails } from "./alert-parts.ts";
import { thresholds } from "./thresholds.ts";

type ProcessorAlert = Omit<AlertDefinition, "dashboard" | "team"> & Partial<Pick<AlertDefinition, "team">>;

const MODEL_NAME = prometheusLabel(attr.modelName);
const PROCESSOR = { job: "tidemark-processor", instance: "a" };
const MODEL = { [MODEL_NAME]: "flight-delay" };
const STATE = prometheusLabel(attr.monitorState);

const LIMIT_TEXT = "what is usual at this hour of the week";
const HOLIDAY_STEP = "A holiday, or a pause that was planned: silence the alert for the model until it ends.";

/** Alerts on the processor's own life and work, and on the silence of a model that only it can see. */
export const processorAlerts: readonly AlertDefinition[] = [
  heartbeat(),
  processorAbsent(),
  modelSilent(),
  modelSilentWarning(),
  evaluationLagging(),
  scheduledRunMissed(),
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
    expression: or(
      gt(dataAge(), ageLimit("critical")),
      gt(unless(dataAge(), ageLimit("critical")), scalar(vector(thresholds.dataAge.record))),
    ).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `Nothing comes from {{ $labels.${MODEL_NAME} }} any more`,
    meaning:
      "The processor is well, but neither predictions nor points of the model came where twenty minutes of the same hours brought some in the weeks before; or for half an hour, while less than three weeks are known.",
    details: valueDetails(
      "duration",
      `${LIMIT_TEXT}; ${thresholds.dataAge.text} in the first three weeks`,
      "The service, its exporter or the Collector's receiver stopped.",
    ),
    steps: [
      "See whether the service runs and answers (throughput on this dashboard comes from the service itself).",
      "If it answers, its exporter does not reach the Collector: look at the address and at the Collector's refused records.",
      HOLIDAY_STEP,
      "A model in its first three weeks that is silent at night or predicts once a day: raise `tidemark:threshold:data_age_seconds`, or silence it for the model.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(metrics.dataAge, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 15, bad: 7_200 }),
        ...silentNight("critical"),
      ],
      // Short of the half hour of a model that is not known yet: silent for twenty-five minutes where twenty are too many.
      otherProbes: [
        probe(metrics.dataAge, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 15, bad: 1_500 }),
        ageLimitOf("critical", { good: 1_200, bad: 1_200 }),
      ],
      labels: MODEL,
      value: "2h 0m 0s",
    },
  };
}

function modelSilentWarning(): ProcessorAlert {
  return {
    name: "ModelSilentWarning",
    slug: "model-silent-warning",
    severity: "warning",
    team: "service",
    subject: "missing_data",
    expression: gt(dataAge(), ageLimit("warning")).toString(),
    forMinutes: 5,
    keepFiringMinutes: 5,
    summary: `Less comes from {{ $labels.${MODEL_NAME} }} than is usual at this hour`,
    meaning:
      "Neither predictions nor points of the model came where ten minutes of the same hours brought some in the weeks before.",
    details: valueDetails("duration", LIMIT_TEXT, "The service, its exporter or the Collector's receiver stopped."),
    steps: [
      "See whether the service runs and answers: if it has stopped, this becomes critical soon.",
      "`GET /v1/status` says since when nothing came, from when on that is critical, and how many weeks it is held against.",
      HOLIDAY_STEP,
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(metrics.dataAge, { ...PROCESSOR, ...MODEL }, { kind: "gauge", good: 15, bad: 1_500 }),
        ageLimitOf("warning", { good: null, bad: 900 }),
        ...silentNight("warning"),
      ],
      labels: MODEL,
      value: "25m 0s",
    },
  };
}

/** The seconds of silence at which the model's state changes. */
function ageLimitOf(state: MonitorState, values: Pick<Probe, "good" | "bad">): Probe {
  return probe(metrics.dataAgeLimit, { ...PROCESSOR, ...MODEL, [STATE]: state }, { kind: "gauge", ...values });
}

/** A model that has been silent for two hours of a night and may be for twelve: nothing is told of it. */
function silentNight(state: MonitorState) {
  const night = { ...PROCESSOR, [MODEL_NAME]: "day-shift" };
  return [
    probe(metrics.dataAge, night, { kind: "gauge", good: 7_200, bad: 7_200 }),
    probe(metrics.dataAgeLimit, { ...night, [STATE]: state }, { kind: "gauge", good: 43_200, bad: 43_200 }),
  ];
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
