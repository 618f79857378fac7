import { gt, lastOverTime, max, n } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import { type Labels, series } from "../promql/query.ts";
import { signalGuides } from "../signal-guide.ts";
import type { AlertDefinition, Probe, Severity, Team } from "./alert-definition.ts";

/** The last known state stands this long when a processor says nothing: a restart neither resolves nor splits an alert. */
export const HOLD_MINUTES = 60;

/** Signals with alerts of their own; whatever else is judged is about how good the model is. */
const OWN_ALERTS = ["drift", "attribution", "data_quality", "service"];

interface VerdictAlert {
  readonly name: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly team: Team;
  readonly subject: string;
  /** Of `ml.monitor.signal`; all where absent. */
  readonly signal?: Labels[string];
  readonly state: MonitorState;
  readonly forMinutes: number;
  readonly keepFiringMinutes: number;
  readonly meaning: string;
  readonly steps: readonly string[];
  /** What the tests' series are about. */
  readonly tested: { readonly signal: string; readonly target: string };
}

const stepsOf = (signal: string) => signalGuides.find((guide) => guide.signal === signal)?.steps ?? [];

const PERFORMANCE = { excludes: OWN_ALERTS.join("|") } as const;

/** Alerts on what the processor judged; the verdict has already been held against chance, so a critical one is told at once. */
const VERDICTS: readonly VerdictAlert[] = [
  ...pair("ModelDrift", {
    slug: "model-drift",
    team: "data-science",
    subject: "drift",
    signal: { matches: "drift|attribution" },
    meaning: {
      critical:
        "A feature, the prediction or the outcome is distributed otherwise than in the reference: a change that chance makes in at most 1 of 1,000 windows, and that matters. Or other features than before move the predictions: `ml_monitor_signal` says which.",
      warning:
        "A feature, the prediction or the outcome begins to move away from the reference, or what moves the predictions does.",
    },
    steps: [...stepsOf("drift"), ...stepsOf("attribution")],
    tested: { signal: "drift", target: "distance" },
  }),
  ...pair("ModelDataQuality", {
    slug: "model-data-quality",
    team: "service",
    subject: "data_quality",
    signal: "data_quality",
    meaning: {
      critical:
        "Values of a feature are missing, of the wrong type, out of range or never seen far more often than in the reference, or predictions stay away.",
      warning: "Values of a feature break a rule more often than in the reference, or there are fewer predictions.",
    },
    steps: stepsOf("data_quality"),
    tested: { signal: "data_quality", target: "distance" },
  }),
  ...pair("ModelPerformance", {
    slug: "model-performance",
    team: "data-science",
    subject: "performance",
    signal: PERFORMANCE,
    meaning: {
      critical:
        "The model is worse than on its reference, beyond the tolerance, with its whole interval: measured on outcomes, estimated before them, against a challenger, or over all windows so far (harmful shift). `ml_monitor_signal` says which.",
      warning:
        "The model is becoming worse than on its reference, or a control chart is out of control; `ml_monitor_signal` says which verdict warns.",
    },
    steps: [...stepsOf("performance"), ...stepsOf("estimation")],
    tested: { signal: "performance", target: "roc_auc" },
  }),
  ...pair("ModelServiceLevel", {
    slug: "model-service-level",
    team: "service",
    subject: "service_level",
    signal: "service",
    meaning: {
      critical:
        "Latency or errors of a judged window are beyond the critical line that the model's configuration sets.",
      warning: "Latency or errors of a judged window are beyond the warning line that the model's configuration sets.",
    },
    steps: stepsOf("service"),
    tested: { signal: "service", target: "error_ratio" },
  }),
  {
    name: "ModelNoData",
    slug: "model-no-data",
    severity: "warning",
    team: "service",
    subject: "missing_data",
    state: "no_data",
    // Not kept up: it silences drift of the same target, which must be heard as soon as there is data again.
    forMinutes: 5,
    keepFiringMinutes: 0,
    meaning:
      "A window closed without the data that a verdict needs: none came at all. This is not drift, and not too little data either; drift alerts of the same target are silenced meanwhile.",
    steps: [
      "Ask whether the model is meant to be quiet now; if so, silence this alert for the model.",
      'See on the dashboard "Pipeline" where the data stops: service, Collector queue, or processor.',
      "If only one feature is without data, its feed or its name in the service has changed.",
      "If the outcomes are missing, look at the job that reports them; `tidemark label` sends them from a file.",
    ],
    tested: { signal: "drift", target: "distance" },
  },
  {
    name: "ModelInsufficientData",
    slug: "model-insufficient-data",
    severity: "info",
    team: "data-science",
    subject: "insufficient_data",
    state: "insufficient_data",
    forMinutes: 24 * 60,
    keepFiringMinutes: 60,
    meaning:
      "For a day no window had enough data for a verdict on this target. Data does come, but less than a statement needs: nothing is known, neither good nor bad.",
    steps: [
      "Read the evidence under `/v1/measurements`: it says how many rows there were and how many a verdict needs.",
      "Choose a longer window for the model (`windows: [7d]`), or a higher sampling probability.",
      "For performance, see the outcome coverage: a verdict waits for `performance.minimumCoverage`.",
    ],
    tested: { signal: "performance", target: "roc_auc" },
  },
];

export const verdictAlerts: readonly AlertDefinition[] = VERDICTS.map(toAlert);

/** One alert a target whose newest verdict is of this state, all replicas of the processor as one. */
function toAlert({ state, signal, tested, ...alert }: VerdictAlert): AlertDefinition {
  const labels: Labels = {
    [attr.monitorState]: state,
    ...(signal === undefined ? {} : { [attr.monitorSignal]: signal }),
  };
  const status = max(lastOverTime(series(metrics.monitorStatus, labels).range(`${HOLD_MINUTES}m`))).without([
    "instance",
  ]);
  const seriesLabels = testLabels(tested, state);
  return {
    ...alert,
    expression: gt(status, n(0)).toString(),
    summary: summaryOf(state),
    details: { kind: "verdict" },
    dashboard: DASHBOARD_UIDS.modelHealth,
    test: {
      probes: verdictProbes(seriesLabels),
      warmUpMinutes: 10,
      badMinutes: alert.forMinutes + 30,
      upAfterMinutes: alert.forMinutes,
      downAfterMinutes: alert.keepFiringMinutes + 2,
      flapMinutes: 2,
      flapping: alert.forMinutes > 2 ? "quiet" : "steady",
      silence: "quiet",
      stepMinutes: 1,
      labels: seriesLabels,
      value: "1.25",
    },
  };
}

function summaryOf(state: MonitorState): string {
  const label = (key: string) => `{{ $labels.${prometheusLabel(key)} }}`;
  const what = `${label(attr.monitorTarget)} of ${label(attr.modelName)} (${label(attr.monitorSignal)}, ${label(attr.windowName)})`;
  if (state === "no_data") return `${what}: no data came`;
  if (state === "insufficient_data") return `${what}: too little data for a verdict`;
  return `${what} is ${state}`;
}

function testLabels({ signal, target }: VerdictAlert["tested"], state: MonitorState): Record<string, string> {
  const attributes = {
    [attr.modelName]: "flight-delay",
    [attr.modelVersion]: "1",
    [attr.deploymentRole]: "champion",
    [attr.windowName]: "24h",
    [attr.monitorSignal]: signal,
    [attr.monitorTarget]: target,
    [attr.monitorState]: state,
  };
  const labels = Object.entries(attributes).map(([key, value]) => [prometheusLabel(key), value]);
  return { ...Object.fromEntries(labels), job: "tidemark-processor" };
}

/** Status of two replicas, and what the alert's texts ask for. */
function verdictProbes(labels: Record<string, string>): Probe[] {
  const { [prometheusLabel(attr.monitorState)]: _, ...described } = labels;
  const of = (metric: string, more: Record<string, string>) => {
    const pairs = Object.entries({ ...more }).map(([name, value]) => `${name}="${value}"`);
    return `${metric}{${pairs.join(", ")}}`;
  };
  const window = Object.fromEntries(
    [attr.modelName, attr.modelVersion, attr.deploymentRole, attr.windowName]
      .map(prometheusLabel)
      .map((name) => [name, labels[name]!]),
  );
  const cause = {
    ...window,
    [prometheusLabel(attr.causeKind)]: "unit_change",
    [prometheusLabel(attr.causeTarget)]: "distance",
  };
  return [
    ...["processor-0", "processor-1"].map((instance) => ({
      series: of(prometheusName(metrics.monitorStatus), { ...labels, instance }),
      kind: "gauge" as const,
      good: 0,
      bad: 1,
    })),
    { series: of(prometheusName(metrics.monitorValue), described), kind: "gauge", good: 0.5, bad: 1.25 },
    { series: of(prometheusName(metrics.monitorThreshold), described), kind: "gauge", good: 1, bad: 1 },
    { series: of(prometheusName(metrics.monitorCause), cause), kind: "gauge", good: null, bad: 1 },
  ];
}

interface Pair extends Pick<VerdictAlert, "slug" | "team" | "subject" | "steps" | "tested"> {
  readonly signal: Labels[string];
  readonly meaning: { readonly critical: string; readonly warning: string };
}

/** A warning and a critical alert of one signal. */
function pair(name: string, { meaning, slug, ...rest }: Pair): VerdictAlert[] {
  return [
    {
      ...rest,
      name: `${name}Critical`,
      slug: `${slug}-critical`,
      severity: "critical",
      state: "critical",
      forMinutes: 0,
      keepFiringMinutes: 15,
      meaning: meaning.critical,
    },
    {
      ...rest,
      name: `${name}Warning`,
      slug: `${slug}-warning`,
      severity: "warning",
      state: "warning",
      forMinutes: 10,
      keepFiringMinutes: 30,
      meaning: meaning.warning,
    },
  ];
}
