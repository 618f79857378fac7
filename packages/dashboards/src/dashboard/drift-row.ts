import { max, topk } from "@grafana/promql-builder";
import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { chosen, labelNames, legendOf } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";

const LEGEND = legendOf(attr.driftTarget, attr.featureName);

/** Has a feature, the prediction or the outcome another distribution than in the reference? */
export const driftRow: RowSpec = {
  title: "Drift: does the model still see the data it was trained on?",
  panels: [
    {
      kind: "timeseries",
      title: "How far is each target towards its alarm line?",
      description:
        "Drift severity; 1 is the line. It counts evidence, not size: compare with the distances. At 1 and above, look at the shares of that feature and at the first cause.",
      unit: "none",
      queries: [{ expression: chosen(metrics.driftSeverity).toString(), legend: LEGEND }],
      thresholds: rising(0.77, 1),
      width: 16,
      height: 9,
      min: 0,
    },
    {
      kind: "bars",
      title: "Which features drifted most?",
      description:
        "The ten features with the largest severity in the newest window. Begin with the first: it is the candidate for the cause.",
      unit: "none",
      queries: [
        {
          expression: topk(10, chosen(metrics.driftSeverity, { [attr.driftTarget]: "feature" })).toString(),
          legend: legendOf(attr.featureName),
        },
      ],
      thresholds: rising(0.77, 1),
      width: 8,
      height: 9,
      min: 0,
      decimals: 2,
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
    {
      kind: "shares",
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
      width: 24,
      height: 9,
      min: 0,
    },
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
    width: 8,
    height: 8,
    min: 0,
    ...(largest === undefined ? {} : { max: largest }),
  };
}
