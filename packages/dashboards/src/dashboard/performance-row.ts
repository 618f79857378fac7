import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { SCORES, type ScoreDefinition } from "@tidemark/signals";
import { chosen, legendOf } from "../promql/query.ts";
import { NO_LINE, type PanelQuery, type RowSpec } from "./panel-spec.ts";

/** Is the model as good as on its reference? */
export const performanceRow: RowSpec = {
  title: "Performance: is the model as good as on its reference?",
  panels: [
    {
      kind: "timeseries",
      title: "How often is the model right?",
      description:
        "Scores from outcomes; 1 is best. Verdicts allow their error to grow by the tolerance over the reference's. If they fall while no feature drifts, the concept has changed: retrain.",
      unit: "percentunit",
      queries: scoresWhere((score) => score.better === "higher"),
      thresholds: NO_LINE,
      width: 12,
      height: 9,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "How sure is the accuracy?",
      description:
        "Accuracy with the ends of its 95 % interval. A fall inside the interval is noise; critical means that the whole interval is beyond the line.",
      unit: "percentunit",
      queries: (["point", "lower", "upper"] as const).map((bound) => ({
        expression: chosen(metrics.performanceAccuracy, {
          [attr.estimateBound]: bound,
          [attr.segmentName]: "",
        }).toString(),
        legend: `${bound} ${legendOf(attr.modelVersion, attr.windowName)}`,
      })),
      thresholds: NO_LINE,
      width: 12,
      height: 9,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "How wrong are the probabilities?",
      description:
        "Log loss (nats) and Brier score; lower is better. If they rise while the accuracy stays, the scores are no longer calibrated: recalibrate before retraining.",
      unit: "none",
      queries: scoresWhere((score) => score === SCORES.logLoss || score === SCORES.brier),
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How large are a regression's errors?",
      description:
        "Mean absolute error and root mean squared error in the target's unit; empty for classifiers. RMSE alone rising points at a few large errors.",
      unit: "none",
      queries: scoresWhere((score) => score === SCORES.mae || score === SCORES.rmse),
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How late do outcomes come?",
      description:
        "Time from a prediction to its outcome, median and higher quantiles. If it grows, verdicts on performance come later; look at the feed of outcomes.",
      unit: "s",
      queries: [
        {
          expression: chosen(metrics.outcomeDelay).toString(),
          legend: legendOf(attr.quantile, attr.modelVersion, attr.windowName),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
  ],
};

function scoresWhere(isShown: (score: ScoreDefinition) => boolean): PanelQuery[] {
  return Object.values(SCORES)
    .filter(isShown)
    .map((score) => ({
      expression: chosen(metricDefinition(score.metric), {
        [attr.estimateBound]: "point",
        [attr.segmentName]: "",
      }).toString(),
      legend: `${score.name} ${legendOf(attr.modelVersion, attr.estimateSource)}`,
    }));
}

function metricDefinition(name: string): MetricDefinition {
  const definition = Object.values(metrics).find((metric) => metric.name === name);
  if (definition === undefined) throw new RangeError(`${name} is no metric of the semantic conventions`);
  return definition;
}
