import { attr, metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { metricCard } from "./metric-card.ts";
import { countText, percentText, scoreText, secondsText, secondsUnit } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { type AxisWindow, seriesOf } from "./window-axis.ts";

type Format = (value: number | null) => string;

interface PerformanceCard {
  readonly metric: string;
  readonly title: string;
  readonly note: string;
  readonly format: Format;
  readonly limits?: readonly [number, number];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unitOf?: (largest: number) => { readonly size: number };
}

const SHARE = [0, 1] as const;
const HIGHER = "higher is better";
const LOWER = "lower is better";

/** In the order in which they are shown; those that were not measured are left out. */
const CARDS: readonly PerformanceCard[] = [
  { metric: metric.performanceAccuracy, title: "Accuracy", note: HIGHER, format: scoreText, limits: SHARE },
  { metric: metric.performanceF1, title: "F1", note: HIGHER, format: scoreText, limits: SHARE },
  { metric: metric.performanceRocAuc, title: "ROC AUC", note: HIGHER, format: scoreText, limits: SHARE },
  { metric: metric.performanceLogLoss, title: "Log loss", note: `nats; ${LOWER}`, format: scoreText },
  { metric: metric.performanceBrier, title: "Brier score", note: LOWER, format: scoreText, limits: SHARE },
  { metric: metric.performanceMae, title: "Mean absolute error", note: LOWER, format: scoreText },
  { metric: metric.performanceRmse, title: "Root mean squared error", note: LOWER, format: scoreText },
  {
    metric: metric.performanceBusinessValue,
    title: "Business value",
    note: "mean worth of a prediction, by the configured matrix",
    format: scoreText,
  },
  {
    metric: metric.performanceReciprocalRank,
    title: "Reciprocal rank",
    note: `of what was chosen; ${HIGHER}`,
    format: scoreText,
    limits: SHARE,
  },
  { metric: metric.performanceNdcg, title: "NDCG", note: HIGHER, format: scoreText, limits: SHARE },
  {
    metric: metric.performanceCalibrationError,
    title: "Calibration error",
    note: `ten bins; ${LOWER}`,
    format: scoreText,
    limits: SHARE,
  },
  { metric: metric.performancePrecision, title: "Precision", note: HIGHER, format: scoreText, limits: SHARE },
  { metric: metric.performanceRecall, title: "Recall", note: HIGHER, format: scoreText, limits: SHARE },
  {
    metric: metric.performanceOutcomeRate,
    title: "Outcome rate",
    note: "share of the positive class in truth",
    format: percentText,
    limits: SHARE,
  },
  {
    metric: metric.outcomeCoverage,
    title: "Outcome coverage",
    note: "predictions whose outcome is known",
    format: percentText,
    limits: SHARE,
  },
  {
    metric: metric.outcomeDelay,
    title: "Outcome delay",
    note: "median, from prediction to outcome",
    attributes: { [attr.quantile]: "0.5" },
    format: secondsText,
    unitOf: secondsUnit,
  },
  { metric: metric.windowSampleCount, title: "Predictions", note: "in the window", format: countText },
];

/** How good the model was, window by window, with intervals and the reference. */
export function performanceSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html {
  const cards = CARDS.flatMap(
    (card) => metricCard({ ...card, axis, series: seriesOf(measurements, axis, card) }) ?? [],
  );
  return html`<section aria-label="Performance"><h3>Performance by window</h3>
${
  cards.length === 0
    ? html`<p class="empty">No outcome and no prediction has been measured yet.</p>`
    : html`<p class="lead">Realised scores, from the outcomes known so far. The band is the 95 % interval; a verdict waits until enough outcomes are known.</p>
<ul class="legend lines"><li><i class="key main"></i>measured</li><li><i class="key reference"></i>reference</li><li><i class="key warning"></i>warning line</li><li><i class="key critical"></i>critical line</li><li>▲ warning</li><li>✕ critical</li><li>○ not judged yet</li></ul>
<div class="cards">${cards}</div>`
}</section>`;
}
