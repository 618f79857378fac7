import type { FirstCause, Incident, Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";

/** Performance of one week, Monday to Sunday; a score is null where it does not exist. */
export interface WeekRow {
  readonly start: string;
  readonly predictions: number;
  readonly coverage: number | null;
  readonly accuracy: number | null;
  readonly f1: number | null;
  readonly rocAuc: number | null;
  readonly logLoss: number | null;
  readonly brier: number | null;
  /** Share of the flights that were 15 or more minutes late. */
  readonly lateShare: number | null;
}

/** One judged window that was not ok. */
export interface IncidentRow {
  readonly incidentId: string;
  readonly window: string;
  readonly signal: string;
  /** `feature`, `prediction`, `outcome`, `service` or `dataset`. */
  readonly targetKind: string;
  readonly target: string;
  readonly state: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly firstCause: Pick<FirstCause, "kind" | "target">;
  readonly metric: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly evidence: Readonly<Record<string, number>>;
}

/** What `tidemark demo --json` writes; times in ISO 8601 UTC. */
export interface DemoSummary {
  readonly predictions: number;
  readonly outcomes: number;
  /** Over `seconds`; outcomes are not counted. */
  readonly predictionsPerSecond: number;
  /** From the first request to the service until the last window was judged. */
  readonly seconds: number;
  /** From the first request until all predictions, outcomes and metrics were acknowledged as stored. */
  readonly ingestSeconds: number;
  /** Of the whole demo, from the data set to the report. */
  readonly totalSeconds: number;
  readonly profileId: string;
  readonly weekly: readonly WeekRow[];
  readonly incidents: readonly IncidentRow[];
}

const WEEK = "7d";

const COLUMNS = {
  coverage: metric.outcomeCoverage,
  accuracy: metric.performanceAccuracy,
  f1: metric.performanceF1,
  rocAuc: metric.performanceRocAuc,
  logLoss: metric.performanceLogLoss,
  brier: metric.performanceBrier,
  lateShare: metric.performanceOutcomeRate,
} as const;

/** A row for each week that was judged, in order of time. */
export function weeklyRows(measurements: readonly Measurement[]): WeekRow[] {
  const inWeeks = measurements.filter(({ window }) => window.name === WEEK);
  const starts = [...new Set(inWeeks.map(({ window }) => window.start))].sort();
  return starts.map((start) =>
    weekRow(
      start,
      inWeeks.filter(({ window }) => window.start === start),
    ),
  );
}

/** A row for each window of each incident, in order of time. */
export function incidentRows(incidents: readonly Incident[]): IncidentRow[] {
  return incidents
    .flatMap((incident) => incident.windows.map((window) => incidentRow(incident, window)))
    .sort((a, b) => (a.windowStart < b.windowStart ? -1 : a.windowStart > b.windowStart ? 1 : 0));
}

function weekRow(start: string, week: readonly Measurement[]): WeekRow {
  // Estimates carry the same names: a row tells what was measured.
  const measured = week.filter(({ signal }) => signal !== "estimation");
  const found = (name: string) => measured.find((measurement) => measurement.metric === name)?.value ?? null;
  const columns = Object.entries(COLUMNS).map(([column, name]) => [column, found(name)]);
  return {
    start,
    predictions: found(metric.windowSampleCount) ?? 0,
    ...(Object.fromEntries(columns) as Record<keyof typeof COLUMNS, number | null>),
  };
}

function incidentRow({ id, firstCause }: Incident, verdict: Measurement): IncidentRow {
  const { window, signal, target, state, value, threshold, evidence } = verdict;
  return {
    incidentId: id,
    window: window.name,
    signal,
    targetKind: target.kind,
    target: target.name,
    state: state ?? "no_data",
    windowStart: window.start,
    windowEnd: window.end,
    firstCause: { kind: firstCause.kind, target: firstCause.target },
    metric: verdict.metric,
    value,
    threshold,
    evidence: evidence.numbers,
  };
}
