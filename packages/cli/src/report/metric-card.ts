import type { Measurement } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { type ChartLine, type LineChartOptions, lineChart } from "./line-chart.ts";
import { stateChip } from "./states.ts";
import { type AxisWindow, newestOf, type Series } from "./window-axis.ts";

export interface MetricCardOptions {
  readonly title: string;
  /** One line under the title: what is better, or what it counts. */
  readonly note: string;
  readonly axis: readonly AxisWindow[];
  readonly series: Series;
  /** Further thin lines, such as other quantiles. */
  readonly asides?: readonly Series[];
  readonly limits?: readonly [low: number, high: number];
  /** Horizontal lines; those of the newest window's verdict unless given. */
  readonly levels?: LineChartOptions["levels"];
  /** What is said of a window beside its value, when the pointer rests on it. */
  readonly remarkOf?: (measurement: Measurement) => string;
  readonly format: (value: number | null) => string;
  /** The unit that ticks are round in, for the largest value. */
  readonly unitOf?: (largest: number) => { readonly size: number };
}

/** One measured value over the windows: the newest in figures, all of them in a picture. Null where there is none. */
export function metricCard(options: MetricCardOptions): Html | null {
  const { title, note, axis, series, asides = [], limits, levels, remarkOf, format, unitOf } = options;
  const newest = newestJudged(series);
  if (newest === null) return null;
  const largest = Math.max(...series.map((measurement) => Math.abs(measurement?.value ?? 0)));
  const lines: ChartLine[] = [
    ...asides.map((aside): ChartLine => ({ kind: "aside", points: pointsOf(aside, format) })),
    { kind: "main", points: pointsOf(series, format, remarkOf) },
  ];
  const chart = lineChart({
    label: `${title} by window from ${periodText(axis[0]!.start, axis.at(-1)!.end)}; in the newest ${format(newest.value)}`,
    axis,
    lines,
    levels: levels ?? levelsOf(newest),
    format: (value) => format(value),
    ...(limits === undefined ? {} : { limits }),
    ...(unitOf === undefined ? {} : { unit: unitOf(largest).size }),
  });
  const reference = newest.evidence.numbers["reference"];
  return html`<figure class="card">
<figcaption><div class="title"><h4>${title}</h4><span class="muted">${periodText(newest.window.start, newest.window.end)}</span></div><p class="muted">${note}</p>
<p class="figures"><strong>${format(newest.value)}</strong>${intervalText(newest, format)}${newest.state === null ? null : stateChip(newest.state)}${reference !== undefined && html`<span class="muted">reference ${format(reference)}</span>`}</p></figcaption>
${chart}</figure>`;
}

/** The newest window with a verdict or, where none has one, with a value. */
function newestJudged(series: Series): Measurement | null {
  return (
    newestOf(series.map((measurement) => (measurement?.state === "insufficient_data" ? null : measurement))) ??
    newestOf(series)
  );
}

function pointsOf(
  series: Series,
  format: (value: number | null) => string,
  remarkOf: MetricCardOptions["remarkOf"] = () => "",
): ChartLine["points"] {
  return series.map((measurement) => {
    if (measurement === null || measurement.value === null) return null;
    const { value, lower, upper, state, window } = measurement;
    const interval = lower === null || upper === null ? "" : `, 95 % interval ${format(lower)} to ${format(upper)}`;
    return {
      value,
      lower,
      upper,
      state,
      title: [`${periodText(window.start, window.end)}: ${format(value)}${interval}`, remarkOf(measurement)]
        .filter(Boolean)
        .join("; "),
    };
  });
}

function intervalText({ lower, upper }: Measurement, format: (value: number | null) => string): Html | null {
  if (lower === null || upper === null) return null;
  return html`<span class="muted" title="95 % interval">${format(lower)} to ${format(upper)}</span>`;
}

function levelsOf({ evidence, threshold }: Measurement): LineChartOptions["levels"] {
  const { reference, warningLine, criticalLine } = evidence.numbers;
  const critical = criticalLine ?? (warningLine === undefined ? (threshold ?? undefined) : undefined);
  const levels = [
    { kind: "reference", value: reference },
    { kind: "warning", value: warningLine },
    { kind: "critical", value: critical },
  ] as const;
  return levels.flatMap(({ kind, value }) => (value === undefined ? [] : [{ kind, value }]));
}
