import type { Measurement } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type ControlChart, type ControlPoint, type ControlState, controlChart } from "./control-chart.ts";

/** One measurement in windows of one length. */
export interface ControlSeries extends Pick<Measurement, "metric" | "target" | "attributes"> {
  /** In order of time. */
  readonly values: readonly ControlValue[];
}

export interface ControlValue extends Pick<Measurement, "count" | "effective"> {
  /** Start of the window, Unix milliseconds. */
  readonly startMs: number;
  readonly value: number;
}

/** What a chart found in one of its windows. */
export interface ChartedWindow {
  readonly startMs: number;
  readonly findings: readonly Finding[];
}

const STATES: Readonly<Record<ControlState, MonitorState>> = {
  learning: "insufficient_data",
  in_control: "ok",
  jump: "warning",
  slow_drift: "warning",
};

/**
 * A control chart of one measurement over its windows: `ml.control.value` with its limits and a verdict, and the
 * described center line and limits. A point out of control warns and is never critical: with limits from twenty windows
 * one in some 40 is, in a process that is in control.
 *
 * @param learn number of windows that the limits are learned from, the first of the series, at least 8.
 * @param changedFrom the first window that was charted otherwise before, or not at all; all of them unless given.
 * @returns the windows from there on; all where the limits change with it, none before there is one window more than `learn`.
 */
export function controlFindings(series: ControlSeries, learn: number, changedFrom = 0): ChartedWindow[] {
  const { values } = series;
  const chart = controlChart(
    values.map(({ value }) => value),
    learn,
  );
  if (chart === null) return [];
  const from = changedFrom > learn ? changedFrom : 0;
  return values.slice(from).map((value, index) => ({
    startMs: value.startMs,
    findings: findingsOf(series, value, chart, chart.points[from + index]!),
  }));
}

/** What the points of a series' chart carry: its own attributes, and what it is a chart of. */
export function controlAttributes({
  metric: name,
  attributes,
}: Omit<ControlSeries, "values">): Measurement["attributes"] {
  return { ...attributes, [attr.controlMetric]: name };
}

function findingsOf(of: ControlSeries, at: ControlValue, chart: ControlChart, point: ControlPoint): Finding[] {
  const { center, lower, upper, averageLower, averageUpper, learnedFrom } = chart;
  const shared = { target: of.target, attributes: controlAttributes(of), count: at.count, effective: at.effective };
  const described = (name: string, value: number) => createFinding({ ...shared, metric: name, value });
  return [
    createFinding({
      ...shared,
      metric: metric.controlValue,
      value: point.value,
      state: STATES[point.state],
      threshold: point.value < center ? lower : upper,
      evidence: {
        numbers: {
          center,
          lowerLimit: lower,
          upperLimit: upper,
          averageLower,
          averageUpper,
          learnedFrom,
          ...(point.average === null ? {} : { average: point.average }),
        },
        note: noteOf(point, chart),
        bins: null,
      },
    }),
    described(metric.controlCenter, center),
    described(metric.controlLowerLimit, lower),
    described(metric.controlUpperLimit, upper),
  ];
}

function noteOf({ state, value, average }: ControlPoint, chart: ControlChart): string {
  const { lower, upper, averageLower, averageUpper, learnedFrom } = chart;
  switch (state) {
    case "learning":
      return `one of the ${learnedFrom} windows that the limits are learned from`;
    case "in_control":
      return `within ${numberText(lower)} to ${numberText(upper)}, learned from ${learnedFrom} windows`;
    case "jump":
      return `a jump: ${numberText(value)} is outside ${numberText(lower)} to ${numberText(upper)}`;
    case "slow_drift":
      return (
        `a slow drift: the moving average ${numberText(average ?? value)} is outside ` +
        `${numberText(averageLower)} to ${numberText(averageUpper)}, while no single window is`
      );
  }
}
