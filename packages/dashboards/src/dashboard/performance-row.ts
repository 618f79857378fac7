import { add, avgOverTime, clampMax, clampMin, div, max, mul, n, sqrt, sub, subquery } from "@grafana/promql-builder";
import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { chosen, labelNames, legendOf, series, WHOLE } from "../promql/query.ts";
import { NO_LINE, type PanelQuery, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";

const LEGEND = legendOf(attr.modelVersion, attr.windowName, attr.estimateSource);

/** Harmful shift is judged in the shortest window alone, whichever is chosen. */
const OF_MODEL = { [attr.modelName]: "$model" };
const ABOVE_ZERO = [
  { from: null, color: "green" },
  { from: 0, color: "red" },
] as const;
const BY_SEGMENT = labelNames(attr.modelVersion, attr.deploymentRole, attr.segmentName, attr.segmentValue);
const BY_VERSION = labelNames(attr.modelVersion, attr.deploymentRole);

/** Is the model as good as on its reference? */
export const performanceRow: RowSpec = {
  title: "Performance: is the model as good as on its reference?",
  runbook: "model-performance-critical",
  panels: [
    {
      kind: "timeseries",
      title: "How sure is the accuracy?",
      description:
        "Accuracy with the ends of its 95 % interval, realized and, where outcomes are late, estimated beside it. A fall inside the interval is noise; critical means that the whole interval is beyond the line.",
      unit: "percentunit",
      queries: bounded(metrics.performanceAccuracy),
      lines: [verdictLine("accuracy")],
      thresholds: NO_LINE,
      width: 12,
      height: 9,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "Does it rank right (ROC AUC)?",
      description:
        "Area under the ROC curve with its interval and the line of its verdict: 0.5 is chance. If it falls while no feature drifts, the concept has changed: retrain on data from after the change.",
      unit: "percentunit",
      queries: bounded(metrics.performanceRocAuc),
      lines: [verdictLine("roc_auc")],
      thresholds: NO_LINE,
      width: 12,
      height: 9,
      max: 1,
    },
    scores(
      "How often is it right, by each measure?",
      "Precision, recall, F1, balanced accuracy and average precision; 1 is best. Precision falling alone means more false alarms, recall falling alone more misses: look at the decision threshold.",
      "percentunit",
      [
        ["precision", metrics.performancePrecision],
        ["recall", metrics.performanceRecall],
        ["f1", metrics.performanceF1],
        ["balanced accuracy", metrics.performanceBalancedAccuracy],
        ["average precision", metrics.performanceAveragePrecision],
      ],
    ),
    scores(
      "How wrong are the probabilities?",
      "Log loss (nats), Brier score and calibration error; lower is better. If they rise while the accuracy stays, the scores are no longer calibrated: recalibrate before retraining.",
      "none",
      [
        ["log loss", metrics.performanceLogLoss],
        ["Brier", metrics.performanceBrier],
        ["calibration error", metrics.performanceCalibrationError],
      ],
    ),
    scores(
      "How large are a regression's errors?",
      "Mean and median absolute error, root mean squared error and bias in the target's unit; empty for classifiers. RMSE alone rising points at a few large errors, bias at a shifted level.",
      "none",
      [
        ["MAE", metrics.performanceMae],
        ["RMSE", metrics.performanceRmse],
        ["median", metrics.performanceMedianAbsoluteError],
        ["bias", metrics.performanceBias],
      ],
    ),
    {
      kind: "timeseries",
      title: "Is the accuracy within its control limits?",
      description:
        "A p-chart: accuracy by window, its mean over thirty days, and limits three standard errors of a window away. A point beyond a limit is a special cause: look what happened then. A run on one side of the mean is a slow change.",
      unit: "percentunit",
      queries: controlChart(),
      thresholds: NO_LINE,
      width: 12,
      height: 8,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "What does the change of performance come from?",
      description:
        "Change of the mean loss from the reference, split: other inputs (covariate), another relation of outcome to inputs (concept), and what cannot be compared. Concept asks for retraining, covariate for a look at the inputs that drifted.",
      unit: "none",
      queries: [
        {
          expression: chosen(metrics.performanceChange, { [attr.estimateBound]: "point", ...WHOLE }).toString(),
          legend: legendOf(attr.performanceChangePart, attr.modelVersion),
        },
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 8,
    },
    {
      kind: "timeseries",
      title: "Is harm proved?",
      description:
        "Mean loss over all windows since a time, with bounds that hold however often you look; and the window's own. Once the lower bound has passed the line, the risk is proved to exceed the reference's by more than the tolerance: roll back or retrain. Only the shortest window has it.",
      unit: "none",
      queries: [
        ...(["point", "lower", "upper"] as const).map((bound) => ({
          expression: max(series(metrics.performanceHarm, { ...OF_MODEL, [attr.estimateBound]: bound, ...WHOLE }))
            .by(BY_VERSION)
            .toString(),
          legend: `${bound} ${legendOf(attr.modelVersion, attr.deploymentRole)}`,
        })),
        pointOf("this window", metrics.performanceLoss),
      ],
      lines: [
        {
          expression: max(
            series(metrics.monitorThreshold, { ...OF_MODEL, [attr.monitorTarget]: "harmful_shift" }),
          ).toString(),
          legend: "line",
        },
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 8,
    },
    {
      kind: "timeseries",
      title: "Which segment is harmed?",
      description:
        "Lower any-time bound of each segment's mean loss, less the line of that segment: above 0, that group is proved to be served worse than on the reference by more than the tolerance, whatever the whole says. Look there at the inputs first; if they are as ever, answer that group without the model until it is retrained. At most 5 % of models ever show a false one.",
      unit: "none",
      queries: [
        {
          expression: sub(
            max(
              series(metrics.performanceHarm, {
                ...OF_MODEL,
                [attr.estimateBound]: "lower",
                [attr.segmentValue]: { matches: ".+" },
              }),
            ).by(BY_SEGMENT),
            max(
              series(metrics.monitorThreshold, {
                ...OF_MODEL,
                [attr.monitorTarget]: { matches: "harmful_shift .+" },
              }),
            ).by(BY_SEGMENT),
          ).toString(),
          legend: legendOf(attr.segmentName, attr.segmentValue, attr.modelVersion),
        },
      ],
      thresholds: ABOVE_ZERO,
      width: 12,
      height: 8,
    },
    {
      kind: "timeseries",
      title: "Did errors rise within the window?",
      description:
        "How many of three detectors found a rise of the error rate inside the window. One is a hint, three are a change: see at which time in the measurement's evidence.",
      unit: "none",
      queries: [
        {
          expression: chosen(metrics.performanceErrorRises).toString(),
          legend: legendOf(attr.modelVersion, attr.windowName),
        },
      ],
      thresholds: rising(1, 3),
      width: 8,
      height: 8,
      min: 0,
    },
    scores(
      "Is it better than chance, and worth it?",
      "Cohen's kappa and Matthews' correlation, 0 for chance; and the worth of a prediction where `performance.value` says what each answer is worth. If the worth falls below 0, answer without the model.",
      "none",
      [
        ["kappa", metrics.performanceKappa],
        ["Matthews", metrics.performanceMatthews],
        ["worth", metrics.performanceBusinessValue],
      ],
    ),
    scores(
      "Does it rank high what is chosen?",
      "Reciprocal rank, NDCG and hit rate of ranking models; empty for others. If they fall together, look whether the candidates changed; if only the hit rate falls, at the top of the list.",
      "percentunit",
      [
        ["reciprocal rank", metrics.performanceReciprocalRank],
        ["NDCG", metrics.performanceNdcg],
        ["hit rate", metrics.performanceHitRate],
      ],
    ),
    {
      kind: "timeseries",
      title: "Does the world change, or the model's answers?",
      description:
        "Share of the positive class among the outcomes and among the predictions. Both moving together is a changed population that the model follows; the outcomes moving alone is concept drift.",
      unit: "percentunit",
      queries: (
        [
          ["outcomes", metrics.performanceOutcomeRate],
          ["predictions", metrics.performancePredictionRate],
        ] as const
      ).map(([name, definition]) => pointOf(name, definition)),
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "Is $segment as well served as the others?",
      description:
        "Accuracy of each declared segment (`segments` in tidemark.yaml). One line far below the others is a group that the model fails: see the disparity, and whether that segment's inputs drifted.",
      unit: "percentunit",
      queries: [
        {
          expression: chosen(metrics.performanceAccuracy, {
            [attr.estimateBound]: "point",
            [attr.segmentName]: { matches: ".+" },
            [attr.segmentValue]: { matches: "$segment" },
          }).toString(),
          legend: legendOf(attr.segmentName, attr.segmentValue),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "How far apart are the segments?",
      description:
        "Gap of each score between the best and the worst segment. Set `fairness.tolerance` to make it a verdict; before acting, see that the worst segment is large enough for its interval to be narrow.",
      unit: "none",
      queries: [
        {
          expression: chosen(metrics.fairnessDisparity).toString(),
          legend: legendOf(attr.performanceScore, attr.segmentName),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
  ],
};

function bounded(definition: MetricDefinition): PanelQuery[] {
  return (["point", "lower", "upper"] as const).map((bound) => ({
    expression: chosen(definition, { [attr.estimateBound]: bound, ...WHOLE }).toString(),
    legend: `${bound} ${LEGEND}`,
  }));
}

function pointOf(name: string, definition: MetricDefinition): PanelQuery {
  return {
    expression: chosen(definition, { [attr.estimateBound]: "point", ...WHOLE }).toString(),
    legend: `${name} ${legendOf(attr.modelVersion, attr.estimateSource)}`,
  };
}

function verdictLine(score: string): PanelQuery {
  return {
    expression: max(
      chosen(metrics.monitorThreshold, { [attr.monitorTarget]: score, [attr.monitorSignal]: "performance", ...WHOLE }),
    ).toString(),
    legend: "line",
  };
}

function scores(
  title: string,
  description: string,
  unit: string,
  measured: readonly (readonly [string, MetricDefinition])[],
): PanelSpec {
  const queries = measured.map(([name, definition]) => pointOf(name, definition));
  return { kind: "timeseries", title, description, unit, queries, thresholds: NO_LINE, width: 8, height: 8 };
}

/**
 * Accuracy p of a window with n known outcomes, its mean m over 30 days, and m plus and minus 3 sqrt(m (1 - m) / n).
 * Source: Montgomery, Introduction to Statistical Quality Control, "The control chart for fraction nonconforming".
 */
function controlChart(): PanelQuery[] {
  const by = labelNames(attr.modelVersion, attr.windowName);
  const accuracy = () =>
    max(
      chosen(metrics.performanceAccuracy, {
        [attr.estimateBound]: "point",
        [attr.estimateSource]: "realized",
        ...WHOLE,
      }),
    ).by(by);
  const mean = () => max(avgOverTime(subquery(accuracy()).range("30d").resolution("5m"))).by(by);
  const known = mul(max(chosen(metrics.windowSampleCount)).by(by), max(chosen(metrics.outcomeCoverage)).by(by));
  const spread = mul(n(3), sqrt(div(mul(mean(), sub(n(1), mean())), known)));
  const legend = legendOf(attr.modelVersion, attr.windowName);
  return [
    { expression: accuracy().toString(), legend: `accuracy ${legend}` },
    { expression: mean().toString(), legend: `mean ${legend}` },
    { expression: clampMax(add(mean(), spread), 1).toString(), legend: `upper limit ${legend}` },
    { expression: clampMin(sub(mean(), spread), 0).toString(), legend: `lower limit ${legend}` },
  ];
}
