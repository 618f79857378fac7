import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { lineChart } from "./line-chart.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";
import { type AxisWindow, newestOf } from "./window-axis.ts";

/** The configured control charts: each value, its center line and its limits. Null without any. */
export function controlSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html | null {
  const charted = measurements.filter((each) => each.metric === metric.controlValue && each.value !== null);
  const charts = Map.groupBy(charted, ({ target, attributes }) => JSON.stringify([target, attributes]));
  if (charts.size === 0) return null;
  return html`<section aria-label="Control charts"><h3>Control charts</h3>
<p class="lead">Limits at three standard deviations, learned from the first windows (hollow). A triangle is out of control: a jump beyond the limits, or a slow drift of the moving average within them. About one window in 200 is so by chance.</p>
<div class="cards">${[...charts.values()].map((series) => card(series, axis))}</div></section>`;
}

function card(series: readonly Measurement[], axis: readonly AxisWindow[]): Html {
  const byStart = new Map(series.map((each) => [each.window.start, each]));
  const points = axis.map(({ start }) => byStart.get(start) ?? null);
  const newest = newestOf(points) ?? series.at(-1)!;
  const { center, lowerLimit, upperLimit } = newest.evidence.numbers;
  const title = titleOf(newest);
  const levels = [
    { value: center!, kind: "reference" as const },
    { value: lowerLimit!, kind: "warning" as const },
    { value: upperLimit!, kind: "warning" as const },
  ];
  const chart = lineChart({
    label: `Control chart of ${title} by window`,
    axis,
    lines: [{ kind: "main", points: points.map((point) => (point === null ? null : pointOf(point))) }],
    levels,
    format: scoreText,
  });
  return html`<figure class="card">
<figcaption><div class="title"><h4>${title}</h4><span class="muted">${periodText(newest.window.start, newest.window.end)}</span></div><p class="muted">${newest.evidence.note}</p>
<p class="figures"><strong>${scoreText(newest.value)}</strong>${newest.state !== null && stateChip(newest.state)}<span class="muted">center ${scoreText(center!)}</span></p></figcaption>
${chart}</figure>`;
}

function pointOf({ value, state, window, evidence }: Measurement) {
  const title = `${periodText(window.start, window.end)}: ${scoreText(value)}, ${evidence.note}`;
  return { value: value!, lower: null, upper: null, state, title };
}

/** `accuracy of prediction, realized`: the metric without its prefix, and what tells its series apart. */
function titleOf({ target, attributes }: Measurement): string {
  const { [attr.controlMetric]: name = "", ...rest } = attributes;
  const what = name.split(".").slice(1).join(" ").replaceAll("_", " ");
  const about = what.endsWith(target.name.replaceAll("_", " ")) ? what : `${what} of ${target.name}`;
  return [about, ...Object.values(rest)].join(", ");
}
