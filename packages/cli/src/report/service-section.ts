import { attr, metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { type MetricCardOptions, metricCard } from "./metric-card.ts";
import {
  bytesText,
  bytesUnit,
  cpuText,
  cpuUnit,
  percentText,
  rateText,
  rateUnit,
  secondsText,
  secondsUnit,
} from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { type AxisWindow, type Series, seriesOf } from "./window-axis.ts";

/** What the serving processes said of themselves, window by window. */
export function serviceSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html {
  const series = (name: string): Series => seriesOf(measurements, axis, { metric: name });
  const latency = (quantile: string): Series =>
    seriesOf(measurements, axis, { metric: metric.serviceLatency, attributes: { [attr.quantile]: quantile } });
  const cards: readonly Omit<MetricCardOptions, "axis">[] = [
    {
      title: "Latency",
      note: "95 % of calls were faster; thin lines: 50 % and 99 %",
      series: latency("0.95"),
      asides: [latency("0.5"), latency("0.99")],
      format: secondsText,
      unitOf: secondsUnit,
    },
    {
      title: "Throughput",
      note: "predictions over event time",
      series: series(metric.serviceThroughput),
      format: rateText,
      unitOf: rateUnit,
    },
    {
      title: "Error ratio",
      note: "failed predictions",
      series: series(metric.serviceErrorRatio),
      limits: [0, 1],
      format: percentText,
    },
    {
      title: "Availability",
      note: "answered predictions",
      series: series(metric.serviceAvailability),
      limits: [0, 1],
      format: percentText,
    },
    {
      title: "CPU",
      note: "of one core, over event time",
      series: series(metric.serviceCpu),
      format: cpuText,
      unitOf: cpuUnit,
    },
    {
      title: "Memory",
      note: "largest resident set of a process",
      series: series(metric.serviceMemory),
      format: bytesText,
      unitOf: bytesUnit,
    },
  ];
  const shown = cards.flatMap((card) => metricCard({ ...card, axis }) ?? []);
  return html`<section aria-label="Service"><h3>Service</h3>
${shown.length === 0 ? html`<p class="empty">The service has sent no metrics of itself.</p>` : html`<div class="cards">${shown}</div>`}</section>`;
}
