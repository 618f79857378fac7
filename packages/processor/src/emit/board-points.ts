import type { Measurement } from "@tidemark/schema";
import { attr, type MetricDefinition, MONITOR_STATES, metric, metrics } from "@tidemark/semconv";
import type { BoardEntry } from "../evaluate/board.ts";
import { firstCauseOf } from "../evaluate/first-cause-row.ts";
import { isReferenceReading } from "../evaluate/reference-drift.ts";
import { isStreamReading } from "../evaluate/watch-streams.ts";
import { worseState } from "../evaluate/worst-state.ts";
import type { EmittedPoint } from "./emitted-point.ts";
import { tenantAttribute } from "./tenant-attribute.ts";

/** Targets of a window whose single drift methods and bin shares are shown; the others have severity and status. */
const DETAILED_TARGETS = 10;

const definitions = new Map<string, MetricDefinition>(Object.values(metrics).map((entry) => [entry.name, entry]));

const DETAIL_METRICS: ReadonlySet<string> = new Set([
  metric.driftPsi,
  metric.driftJsDistance,
  metric.driftKsStatistic,
  metric.driftWasserstein,
  metric.driftChiSquare,
  metric.driftTotalVariation,
  metric.driftEvidence,
]);

/** Beside the scores. */
const BOUNDED_METRICS: ReadonlySet<string> = new Set([
  metric.comparisonDifference,
  metric.driftCentroidShift,
  metric.driftReconstructionError,
  metric.dataQualityCorrelation,
  metric.ensembleMemberLoss,
  metric.ensembleMemberLogLoss,
  metric.ensembleMemberAccuracy,
  metric.ensembleMemberMae,
  metric.ensembleMemberBenefit,
  metric.ensembleProposalGain,
]);

/**
 * The newest judged windows as metric points, within the budget of the semantic conventions: for each target its
 * status and severity, value states that are not zero, scores with their bounds; single methods and bin shares for the
 * ten worst. Their time is the wall clock, put on by whoever sends them.
 */
export function boardPoints(entries: readonly BoardEntry[]): EmittedPoint[] {
  return entries.flatMap(windowPoints);
}

function windowPoints(entry: BoardEntry): EmittedPoint[] {
  const detailed = worstTargets(entry.measurements);
  const described = entry.measurements.flatMap((measurement) => {
    const base = baseAttributes(measurement);
    const isDetailed = detailed.has(targetId(measurement));
    return [
      ...statusPoints(measurement, base, entry.measurements),
      ...valuePoints(measurement, base, isDetailed),
      ...(isDetailed ? binPoints(measurement, base) : []),
    ];
  });
  return [...described, ...causePoints(entry), ...infoPoints(entry)];
}

function windowAttributes({ tenant, model, version, role, window }: Measurement) {
  return {
    ...tenantAttribute(tenant),
    [attr.modelName]: model,
    [attr.modelVersion]: version,
    [attr.deploymentRole]: role,
    [attr.windowName]: window.name,
  };
}

function baseAttributes(measurement: Measurement) {
  const { target, signal, attributes } = measurement;
  return {
    ...windowAttributes(measurement),
    ...(signal === "drift" || signal === "data_quality" ? { [attr.driftTarget]: target.kind } : {}),
    ...(!isScore(measurement) && isField(target.kind) ? { [attr.featureName]: target.name } : {}),
    ...attributes,
  };
}

function isScore({ signal, attributes }: Measurement): boolean {
  return (
    signal === "performance" ||
    signal === "estimation" ||
    (attributes[attr.controlMetric]?.startsWith("ml.performance.") ?? false)
  );
}

function isField(kind: Measurement["target"]["kind"]): boolean {
  return kind === "feature" || kind === "embedding" || kind === "prediction" || kind === "outcome";
}

/**
 * A drift target has one status: that of the worse of its two readings, with that one's value and line; and one for each
 * further reference.
 */
function statusPoints(
  measurement: Measurement,
  base: EmittedPoint["attributes"],
  all: readonly Measurement[],
): EmittedPoint[] {
  if (measurement.state === null || isStreamReading(measurement) || isSmallSegment(measurement)) return [];
  const { signal, target } = measurement;
  const { state, value, threshold } = worseReading(measurement, all);
  const { [attr.driftReading]: _reading, ...shared } = base;
  const attributes = {
    ...shared,
    [attr.monitorSignal]: signal,
    [attr.monitorTarget]: target.name,
    ...(isScore(measurement) ? { [attr.performanceScore]: target.name } : {}),
  };
  return [
    ...MONITOR_STATES.map((name) => ({
      metric: metrics.monitorStatus,
      attributes: { ...attributes, [attr.monitorState]: name },
      value: name === state ? 1 : 0,
    })),
    ...(value === null ? [] : [{ metric: metrics.monitorValue, attributes, value }]),
    ...(threshold === null ? [] : [{ metric: metrics.monitorThreshold, attributes, value: threshold }]),
  ];
}

/** A segment of which nothing can be said yet is no reason to tell anybody; the report and the read API have it. */
function isSmallSegment({ target, state }: Measurement): boolean {
  return target.kind === "segment" && state === "insufficient_data";
}

function worseReading(measurement: Measurement, all: readonly Measurement[]): Measurement {
  if (measurement.attributes[attr.driftReading] === undefined || isReferenceReading(measurement)) return measurement;
  const stream = all.find(
    (other) => isStreamReading(other) && other.state !== null && targetId(other) === targetId(measurement),
  );
  if (stream === undefined || worseState(measurement.state!, stream.state!) === measurement.state) return measurement;
  return stream;
}

/** The window's first cause, for the alert's text. */
function causePoints({ measurements }: BoardEntry): EmittedPoint[] {
  return measurements.flatMap((measurement) => {
    const cause = firstCauseOf(measurement);
    if (cause === null) return [];
    const attributes = {
      ...windowAttributes(measurement),
      [attr.causeKind]: cause.kind,
      [attr.causeTarget]: cause.target,
    };
    return [{ metric: metrics.monitorCause, attributes, value: 1 }];
  });
}

/** What the window's verdicts rest on; a change of either is a mark on the dashboards. */
function infoPoints({ measurements }: BoardEntry): EmittedPoint[] {
  const [measurement] = measurements;
  if (measurement === undefined) return [];
  const { profileId, configId } = measurement;
  const attributes = {
    ...windowAttributes(measurement),
    [attr.profileId]: profileId,
    [attr.monitorConfigId]: configId,
  };
  return [{ metric: metrics.monitorInfo, attributes, value: 1 }];
}

function valuePoints(measurement: Measurement, base: EmittedPoint["attributes"], isDetailed: boolean): EmittedPoint[] {
  const definition = definitions.get(measurement.metric);
  const { value, lower, upper } = measurement;
  if (definition === undefined || value === null) return [];
  if (DETAIL_METRICS.has(measurement.metric) && !isDetailed) return [];
  if (measurement.metric === metric.dataQualityShare && value === 0) return [];
  // What a segment's harm is proved by; its scores are shown.
  if (measurement.metric === metric.performanceLoss && measurement.target.kind === "segment") return [];
  const hasBounds = measurement.metric.startsWith("ml.performance.") || BOUNDED_METRICS.has(measurement.metric);
  if (!hasBounds) return [{ metric: definition, attributes: base, value }];
  const bounds = { point: value, lower, upper };
  return Object.entries(bounds).flatMap(([bound, at]) =>
    at === null ? [] : [{ metric: definition, attributes: { ...base, [attr.estimateBound]: bound }, value: at }],
  );
}

function binPoints(measurement: Measurement, base: EmittedPoint["attributes"]): EmittedPoint[] {
  const { bins } = measurement.evidence;
  if (bins === null || measurement.metric !== metric.driftSeverity) return [];
  return bins.labels.flatMap((label, index) =>
    (["window", "reference"] as const).map((side) => ({
      metric: metrics.windowBinShare,
      attributes: { ...base, [attr.binIndex]: index, [attr.binLabel]: label, [attr.binSide]: side },
      value: bins[side][index] ?? 0,
    })),
  );
}

function worstTargets(measurements: readonly Measurement[]): Set<string> {
  const severities = measurements.filter((measurement) => measurement.metric === metric.driftSeverity);
  const ranked = severities.sort((a, b) => (b.value ?? -1) - (a.value ?? -1) || (targetId(a) < targetId(b) ? -1 : 1));
  return new Set(ranked.slice(0, DETAILED_TARGETS).map(targetId));
}

function targetId({ target }: Measurement): string {
  return `${target.kind}\n${target.name}`;
}
