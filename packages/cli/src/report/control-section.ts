import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { metricCard } from "./metric-card.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import type { AxisWindow } from "./window-axis.ts";

/** The configured control charts: each value, its center line and its limits. Null without any. */
export function controlSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html | null {
  const charted = measurements.filter((each) => each.metric === metric.controlValue && each.value !== null);
  const charts = Map.groupBy(charted, ({ target, attributes }) => JSON.stringify([target, attributes]));
  if (charts.size === 0) return null;
  return html`<section aria-label="Control charts"><h3>Control charts</h3>
<p class="lead">Limits at three standard deviations, learned from the first windows (hollow). A triangle is out of control: a jump beyond the limits, or a slow drift of the moving average within them. With limits from twenty windows about one in 40 is so by chance, from twelve one in 25.</p>
<div class="cards">${[...charts.values()].map((series) => card(series, axis))}</div></section>`;
}

function card(measured: readonly Measurement[], axis: readonly AxisWindow[]): Html | null {
  const byStart = new Map(measured.map((each) => [each.window.start, each]));
  const { evidence } = measured.reduce((newest, each) => (each.window.start > newest.window.start ? each : newest));
  const { center, lowerLimit, upperLimit } = evidence.numbers;
  return metricCard({
    title: titleOf(measured[0]!),
    note: evidence.note,
    axis,
    series: axis.map(({ start }) => byStart.get(start) ?? null),
    levels: [
      { value: center!, kind: "reference" },
      { value: lowerLimit!, kind: "warning" },
      { value: upperLimit!, kind: "warning" },
    ],
    remarkOf: (each) => each.evidence.note,
    format: scoreText,
  });
}

/** `accuracy of prediction, realized`: the metric without its prefix, and what tells its series apart. */
function titleOf({ target, attributes }: Measurement): string {
  const { [attr.controlMetric]: name = "", ...rest } = attributes;
  const what = name.split(".").slice(1).join(" ").replaceAll("_", " ");
  const about = what.endsWith(target.name.replaceAll("_", " ")) ? what : `${what} of ${target.name}`;
  return [about, ...Object.values(rest)].join(", ");
}
