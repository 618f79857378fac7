import { deriv, div, gt, lt, mul, n, or, rate, scalar, vector } from "@grafana/promql-builder";
import { attr, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { series } from "../promql/query.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { COMMON_TEST, probe, SUBJECT_TEXT, TESTED, valueDetails } from "./alert-parts.ts";
import { recorded } from "./recording-rules.ts";
import { type Threshold, thresholds } from "./thresholds.ts";

type ServiceAlert = Omit<AlertDefinition, "team" | "dashboard">;

/** Alerts on the service that hosts a model, from its own metrics: they need no processor. */
export const serviceAlerts: readonly AlertDefinition[] = [
  errorRatio("critical", thresholds.errorRatioCritical, 0.2),
  errorRatio("warning", thresholds.errorRatioWarning, 0.03),
  latency(95, "warning", thresholds.latencyP95, ["0.5", "0.7"], "690ms"),
  latency(99, "critical", thresholds.latencyP99, ["1", "2"], "1.99s"),
  cpuSaturated(),
  memoryGrowing(),
  throughputUnusual(),
].map((alert) => ({ ...alert, team: "service", dashboard: DASHBOARD_UIDS.pipeline }));

function errorRatio(severity: "warning" | "critical", line: Threshold, failing: number): ServiceAlert {
  const isCritical = severity === "critical";
  return {
    name: isCritical ? "ModelErrorRatioCritical" : "ModelErrorRatioWarning",
    slug: `model-error-ratio-${severity}`,
    severity,
    subject: "errors",
    expression: gt(vector(recorded.failedShare("5m")), scalar(vector(line.record))).toString(),
    forMinutes: isCritical ? 2 : 5,
    keepFiringMinutes: 10,
    summary: `${SUBJECT_TEXT.model}: predictions fail`,
    meaning: `More than ${line.text} of the predictions of the last five minutes failed.`,
    details: valueDetails("percentage", line, "The failures' error_type on the dashboard names the class of error."),
    steps: [
      "See which `error.type` makes up the failures on the dashboard, and open a trace of one (attribute `ml.model.name`).",
      "If it began with a deployment of the service or of the model, roll back first and look afterwards.",
      "If inputs are refused, the caller has changed: compare with the data quality of the same time.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(
          metrics.inferencePredictions,
          { ...TESTED.model, ...TESTED.process },
          { kind: "counter", good: 600, bad: 600 * (1 - failing) },
        ),
        probe(
          metrics.inferencePredictions,
          { ...TESTED.model, ...TESTED.process, [prometheusLabel(attr.errorType)]: "timeout" },
          { kind: "counter", good: 0, bad: 600 * failing },
        ),
      ],
      flapMinutes: 1,
      flapping: "steady",
      labels: TESTED.model,
      value: `${failing * 100}%`,
    },
  };
}

function latency(
  quantile: 95 | 99,
  severity: "warning" | "critical",
  line: Threshold,
  [above, below]: readonly [string, string],
  value: string,
): ServiceAlert {
  const bucket = (le: string, good: number, bad: number) =>
    probe(
      `${prometheusName(metrics.inferenceDuration)}_bucket`,
      { ...TESTED.model, ...TESTED.process, le },
      { kind: "counter", good, bad },
    );
  return {
    name: `ModelLatencyP${quantile}High`,
    slug: `model-latency-p${quantile}-high`,
    severity,
    subject: "latency",
    expression: gt(vector(recorded.latency(quantile)), scalar(vector(line.record))).toString(),
    forMinutes: 5,
    keepFiringMinutes: 10,
    summary: `${SUBJECT_TEXT.model} answers slowly`,
    meaning: `${100 - quantile} of 100 calls of the last five minutes took longer than ${line.text}.`,
    details: valueDetails("duration", line, "A slow trace shows the step; CPU near its limit means too much load."),
    steps: [
      "Open a slow trace (attribute `ml.model.name`): is it the model, its inputs, or the queue before it?",
      "If the median rose too, look at CPU and throughput; if only the high quantiles rose, at large batches and pauses.",
      "If it began with a new model version, roll back and profile it.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [bucket(above, 600, 0), bucket(below, 600, 600), bucket("+Inf", 600, 600)],
      flapping: "steady",
      labels: TESTED.model,
      value,
    },
  };
}

function cpuSaturated(): ServiceAlert {
  return {
    name: "ModelServiceCpuSaturated",
    slug: "model-service-cpu-saturated",
    severity: "warning",
    subject: "cpu",
    expression: gt(
      rate(series(metrics.processCpuTime).range("5m")),
      scalar(vector(thresholds.cpuCores.record)),
    ).toString(),
    forMinutes: 15,
    keepFiringMinutes: 10,
    summary: `${SUBJECT_TEXT.process} uses nearly all of its CPU`,
    meaning: "A serving process has used nearly a whole core for a quarter of an hour; latency will follow.",
    details: valueDetails(
      "number",
      thresholds.cpuCores,
      "More traffic, or a model that costs more than the one before.",
    ),
    steps: [
      "Compare the throughput: more predictions at the same cost need another replica.",
      "The same throughput at a higher cost points at a new model version or larger inputs.",
      "A process with several threads may use more than one core by design: raise `tidemark:threshold:cpu_cores`.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.processCpuTime, TESTED.process, { kind: "counter", good: 12, bad: 57 })],
      upAfterMinutes: 21,
      labels: TESTED.process,
      value: "0.95",
    },
  };
}

function memoryGrowing(): ServiceAlert {
  const memory = () => series(metrics.processMemoryUsage);
  return {
    name: "ModelServiceMemoryGrowing",
    slug: "model-service-memory-growing",
    severity: "warning",
    subject: "memory",
    expression: gt(
      div(mul(deriv(memory().range("1h")), n(3_600)), memory()),
      scalar(vector(thresholds.memoryGrowth.record)),
    ).toString(),
    forMinutes: 120,
    keepFiringMinutes: 30,
    summary: `${SUBJECT_TEXT.process} grows in memory without end`,
    meaning: "The resident memory of a serving process has grown steadily for more than two hours.",
    details: valueDetails("percentage", thresholds.memoryGrowth, "A cache without a limit, or a leak."),
    steps: [
      "See whether the traffic grew too; if so, it may be load and not a leak.",
      "Restart one replica: if its memory starts low and grows again, take a heap snapshot.",
      "Set a memory limit, so that the scheduler restarts the process before the machine suffers.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [probe(metrics.processMemoryUsage, TESTED.process, { kind: "counter", start: 1e9, good: 0, bad: 2e6 })],
      warmUpMinutes: 60,
      badMinutes: 240,
      upAfterMinutes: 190,
      downAfterMinutes: 95,
      flapMinutes: 60,
      labels: TESTED.process,
      value: "8.108%",
    },
  };
}

function throughputUnusual(): ServiceAlert {
  const share = () => div(vector(recorded.throughput), vector(recorded.usualThroughput));
  const line = `below ${thresholds.throughputLow.text} or above ${thresholds.throughputHigh.text} of the usual`;
  return {
    name: "ModelThroughputUnusual",
    slug: "model-throughput-unusual",
    severity: "warning",
    subject: "throughput",
    expression: or(
      lt(share(), scalar(vector(thresholds.throughputLow.record))),
      gt(share(), scalar(vector(thresholds.throughputHigh.record))),
    ).toString(),
    forMinutes: 15,
    keepFiringMinutes: 30,
    summary: `${SUBJECT_TEXT.model} predicts far more or less than is usual at this hour`,
    meaning:
      "The predictions of the last hour are less than half, or more than twice, of what this hour of the week had over the last four weeks.",
    details: valueDetails("percentage", line, "Traffic that was lost, doubled or moved before it reached the model."),
    steps: [
      "Look at what calls the model: a failed job, a new client, a holiday.",
      "Compare with the requests that the load balancer counts: if they are steady, telemetry is lost, not traffic.",
      "A planned change: silence the alert for a week; then the new traffic is the usual one.",
    ],
    test: {
      ...COMMON_TEST,
      probes: [
        probe(
          metrics.inferencePredictions,
          { ...TESTED.model, ...TESTED.process },
          { kind: "counter", good: 600, bad: 100 },
        ),
      ],
      warmUpMinutes: 7 * 24 * 60 + 120,
      badMinutes: 180,
      upAfterMinutes: 80,
      downAfterMinutes: 90,
      flapMinutes: 20,
      stepMinutes: 10,
      labels: TESTED.model,
      value: "16.67%",
    },
  };
}
