import { metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { metricCard } from "./metric-card.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { type AxisWindow, newestOf, seriesOf } from "./window-axis.ts";

const SHARE = [0, 1] as const;

const CARDS = [
  { metric: metric.performanceAccuracy, title: "Accuracy", limits: SHARE },
  { metric: metric.performanceF1, title: "F1", limits: SHARE },
  { metric: metric.performanceRocAuc, title: "ROC AUC", limits: SHARE },
  { metric: metric.performanceLogLoss, title: "Log loss" },
  { metric: metric.performanceMae, title: "Mean absolute error" },
  { metric: metric.performanceRmse, title: "Root mean squared error" },
  { metric: metric.performanceBias, title: "Bias" },
  { metric: metric.performanceBusinessValue, title: "Business value" },
] as const;

/** What the scores will be when the outcomes are known, beside what they were. Null where nothing is estimated. */
export function estimationSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html | null {
  const estimated = measurements.filter(({ signal }) => signal === "estimation");
  const realised = measurements.filter(({ signal }) => signal === "performance");
  const cards = CARDS.flatMap((card) => {
    const series = seriesOf(estimated, axis, card);
    const note = newestOf(series)?.evidence.note ?? "";
    const asides = [seriesOf(realised, axis, card)];
    return metricCard({ ...card, note, axis, series, asides, format: scoreText }) ?? [];
  });
  if (cards.length === 0) return null;
  return html`<section aria-label="Estimated performance"><h3>Estimated performance, before outcomes are known</h3>
<p class="lead">Source <code>blend</code>: for classes the mean of calibrated, importance-weighted and outcome-model estimates, weighed by their record once outcomes mature; for quantities that of a model of the error, with and without importance weights. It assumes that the relation of outcome to features has not changed since the reference; the band is the 95 % interval, widened by the errors actually made. An estimate that is not trusted warns and never pages, and once a window's outcomes are known the realised score decides.</p>
<ul class="legend lines"><li><i class="key main"></i>estimated</li><li><i class="key aside"></i>realised</li><li><i class="key reference"></i>reference</li><li><i class="key warning"></i>warning line</li><li><i class="key critical"></i>critical line</li></ul>
<div class="cards">${cards}</div></section>`;
}
