import { max, topk } from "@grafana/promql-builder";
import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { chosen, labelNames, legendOf } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";
import { shareTransformations } from "./share-transformations.ts";

const LEGEND = legendOf(attr.driftTarget, attr.featureName);
/** Severity is measured against windows before too; a label that a series lacks is shown as nothing. */
const SEVERITY_LEGEND = legendOf(attr.driftTarget, attr.featureName, attr.driftReference);

/** Where the warning begins, of severity: ln 200 / ln 1000. */
const WARNING_SEVERITY = 0.77;

/** Has a feature, the prediction or the outcome another distribution than in the reference? */
export const driftRow: RowSpec = {
  title: "Drift: does the model still see the data it was trained on?",
  runbook: "model-drift-critical",
  panels: [
    {
      kind: "heatmap",
      title: "Which feature drifted when?",
      description:
        "Drift severity by feature and time; 1 is the alarm line. A row that darkens alone is a fault of one feed, many at once a change of the population: look for the first.",
      unit: "none",
      queries: [
        {
          expression: max(chosen(metrics.driftSeverity)).by(labelNames(attr.driftTarget, attr.featureName)).toString(),
          legend: LEGEND,
        },
      ],
      thresholds: rising(WARNING_SEVERITY, 1),
      width: 16,
      height: 10,
    },
    {
      kind: "bars",
      title: "Which features drifted most?",
      description:
        "The ten features, vectors among them, with the largest severity in the newest window, by the window alone or by all windows so far. Begin with the first: it is the candidate for the cause.",
      unit: "none",
      queries: [
        {
          expression: topk(
            10,
            max(chosen(metrics.driftSeverity, { [attr.driftTarget]: { matches: "feature|embedding" } })).by(
              labelNames(attr.featureName, attr.driftReference),
            ),
          ).toString(),
          legend: legendOf(attr.featureName, attr.driftReference),
        },
      ],
      thresholds: rising(WARNING_SEVERITY, 1),
      width: 8,
      height: 10,
      min: 0,
      decimals: 2,
    },
    {
      kind: "timeseries",
      title: "How far is each target towards its alarm line?",
      description:
        "Drift severity with its line. It counts evidence, not size: compare with the distances. At the line and above, look at the shares of that feature and at the first cause.",
      unit: "none",
      queries: [{ expression: chosen(metrics.driftSeverity).toString(), legend: SEVERITY_LEGEND }],
      lines: [
        {
          expression: max(chosen(metrics.monitorThreshold, { [attr.monitorSignal]: "drift" })).toString(),
          legend: "line",
        },
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 9,
      min: 0,
    },
    {
      kind: "table",
      title: "What does $feature look like against the reference?",
      description:
        "Shares by bin of the window and of the reference. One new spike is a stuck value, a stretched shape a change of unit, a moved one a real shift.",
      unit: "percentunit",
      queries: (["window", "reference"] as const).map((side) => ({
        expression: max(chosen(metrics.windowBinShare, { [attr.binSide]: side, [attr.featureName]: "$feature" }))
          .by(labelNames(attr.binIndex, attr.binLabel))
          .toString(),
        legend: side,
      })),
      thresholds: NO_LINE,
      transformations: shareTransformations,
      gauges: ["window", "reference"],
      width: 12,
      height: 9,
    },
    {
      kind: "timeseries",
      title: "Do the features still move together?",
      description:
        "Severity of all features taken together, in the window alone and gathered over all windows so far (stream), and how far rows are from their reconstruction by the reference's principal components, with its 95 % interval. If either is past 1 while no single feature is, look which correlations broke; the stream alone, which of them loosened slowly. Empty where records carry no inputs.",
      unit: "none",
      queries: [
        {
          expression: max(chosen(metrics.driftSeverity, { [attr.driftTarget]: "dataset" }))
            .by(labelNames(attr.driftReading, attr.driftReference))
            .toString(),
          legend: `severity, ${legendOf(attr.driftReading, attr.driftReference)}`,
        },
        ...(["point", "lower", "upper"] as const).map((bound) => ({
          expression: max(chosen(metrics.driftReconstructionError, { [attr.estimateBound]: bound })).toString(),
          legend: `reconstruction error, ${bound}`,
        })),
      ],
      thresholds: rising(WARNING_SEVERITY, 1),
      width: 24,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "How far did the vectors move?",
      description:
        "Distance of the mean direction of each vector feature from the reference's, over the reference's spread, with its 95 % interval: 0.5 is half the typical distance of a vector from the centroid. A jump above 1 is rather another embedding model than other content. Empty without vector features.",
      unit: "none",
      queries: (["point", "lower", "upper"] as const).map((bound) => ({
        expression: chosen(metrics.driftCentroidShift, { [attr.estimateBound]: bound }).toString(),
        legend: `${legendOf(attr.featureName)}, ${bound}`,
      })),
      thresholds: NO_LINE,
      width: 24,
      height: 8,
      min: 0,
    },
    distance(
      metrics.driftPsi,
      "How large is the change (PSI)?",
      "Population stability index of the ten worst targets. 0.1 is customarily called moderate and 0.25 large; the verdict does not rest on these lines.",
      rising(0.1, 0.25),
    ),
    distance(
      metrics.driftJsDistance,
      "How different are the shapes (Jensen-Shannon)?",
      "Jensen-Shannon distance, 0 for equal and 1 for disjoint distributions. If it is high while PSI is low, look at rare categories.",
      rising(0.1, 0.3),
      1,
    ),
    distance(
      metrics.driftKsStatistic,
      "How far apart are the distributions (KS)?",
      "Largest gap between the two distribution functions of a numeric target. A gap with an unchanged shape is a shift or a change of unit.",
      rising(0.1, 0.25),
      1,
    ),
    distance(
      metrics.driftWasserstein,
      "How far did the values move (Wasserstein)?",
      "Mean distance that values moved, in the feature's own unit. Compare with what the feature's values mean to people before you act.",
      NO_LINE,
    ),
  ],
};

function distance(
  definition: MetricDefinition,
  title: string,
  description: string,
  thresholds: PanelSpec["thresholds"],
  largest?: number,
): PanelSpec {
  return {
    kind: "timeseries",
    title,
    description,
    unit: "none",
    queries: [{ expression: chosen(definition).toString(), legend: LEGEND }],
    thresholds,
    width: 6,
    height: 8,
    min: 0,
    ...(largest === undefined ? {} : { max: largest }),
  };
}
