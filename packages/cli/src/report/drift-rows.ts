import type { Measurement, Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { stateRank, worstState } from "./states.ts";
import { type AxisWindow, type Series, seriesOf } from "./window-axis.ts";

/** A field with its drift verdicts over the windows, against one reference. */
export interface DriftRow {
  readonly target: Target;
  /** What its windows were held against where that is not the training profile, in words. */
  readonly reference: string | null;
  readonly series: Series;
  readonly worst: Measurement | null;
}

/** The judged fields, the most changed first; then by name. */
export function driftRows(measurements: readonly Measurement[], axis: readonly AxisWindow[]): DriftRow[] {
  const severities = measurements.filter((measurement) => measurement.metric === metric.driftSeverity);
  return [...Map.groupBy(severities, referenceOf)]
    .flatMap(([reference, own]) => rowsAgainst(reference, worseReadings(own), axis))
    .sort(
      (a, b) => rankOf(b) - rankOf(a) || total(b.series) - total(a.series) || (a.target.name < b.target.name ? -1 : 1),
    );
}

const REFERENCE_WORDS: Readonly<Record<string, string>> = {
  previous: "against the window before",
  rolling: "against the last windows",
  same_hour: "against the same hours of weeks before",
};

function referenceOf({ attributes }: Measurement): string | null {
  const reference = attributes[attr.driftReference];
  return reference === undefined ? null : (REFERENCE_WORDS[String(reference)] ?? String(reference));
}

function rowsAgainst(
  reference: string | null,
  severities: readonly Measurement[],
  axis: readonly AxisWindow[],
): DriftRow[] {
  const targets = new Map(severities.map(({ target }) => [`${target.kind}\n${target.name}`, target]));
  return [...targets.values()].map((target) => {
    const series = seriesOf(severities, axis, { metric: metric.driftSeverity, target });
    return { target, reference, series, worst: worstOf(series) };
  });
}

/** One verdict a field and window: the window's own, with state and severity of the continuous one where that is worse. */
function worseReadings(severities: readonly Measurement[]): Measurement[] {
  const byWindow = Map.groupBy(severities, ({ target, window }) => `${target.kind}\n${target.name}\n${window.start}`);
  return [...byWindow.values()].map((readings) => {
    const window = readings.find(({ attributes }) => attributes[attr.driftReading] !== "stream") ?? readings[0]!;
    const worse = readings.reduce((worst, reading) =>
      stateRank(reading.state ?? "ok") > stateRank(worst.state ?? "ok") ? reading : worst,
    );
    const values = readings.flatMap(({ value }) => value ?? []);
    return { ...window, state: worse.state, value: values.length === 0 ? null : Math.max(...values) };
  });
}

function worstOf(series: Series): Measurement | null {
  return series.reduce((worst, measurement) => {
    if (measurement === null || measurement.value === null) return worst;
    if (worst === null) return measurement;
    const ranks = stateRank(measurement.state ?? "ok") - stateRank(worst.state ?? "ok");
    return ranks > 0 || (ranks === 0 && measurement.value > (worst.value ?? 0)) ? measurement : worst;
  }, null);
}

function rankOf({ series }: DriftRow): number {
  const state = worstState(series.map((measurement) => measurement?.state ?? null));
  return state === null ? -1 : stateRank(state);
}

function total(series: Series): number {
  return series.reduce((sum, measurement) => sum + (measurement?.value ?? 0), 0);
}
