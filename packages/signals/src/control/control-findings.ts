import type { Measurement } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type ControlChart, type ControlPoint, type ControlState, controlChart } from "./control-chart.ts";

/** What a chart found in one of its windows. */
export interface ChartedWindow {
  readonly start: string;
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
 * @param series the same value of windows of one length, in order of time; windows without a value are passed over.
 * @param learn number of windows that the limits are learned from, the first of the series, at least 8.
 * @returns nothing before there is one window more than that.
 */
export function controlFindings(series: readonly Measurement[], learn: number): ChartedWindow[] {
  const measured = series.filter(({ value }) => value !== null);
  const values = measured.map(({ value }) => value!);
  const chart = controlChart(values, learn);
  if (chart === null) return [];
  return measured.map((measurement, index) => ({
    start: measurement.window.start,
    findings: findingsOf(measurement, chart, chart.points[index]!),
  }));
}

function findingsOf(of: Measurement, chart: ControlChart, point: ControlPoint): Finding[] {
  const { center, lower, upper, averageLower, averageUpper, learnedFrom } = chart;
  const attributes = { ...of.attributes, [attr.controlMetric]: of.metric };
  const shared = { target: of.target, attributes, count: of.count, effective: of.effective };
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
