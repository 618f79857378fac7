import { max } from "@grafana/promql-builder";
import { attr, metrics } from "@tidemark/semconv";
import { labelNames, legendOf, series } from "../promql/query.ts";
import { NO_LINE, type RowSpec } from "./panel-spec.ts";

/** A comparison is of two versions, and runs over more than one window. */
const OF_MODEL = { [attr.modelName]: "$model" };
const BY = labelNames(attr.modelVersion, attr.deploymentRole);

/** Is another version better? */
export const comparisonRow: RowSpec = {
  title: "Champion and challenger: is another version better?",
  runbook: "model-performance-critical",
  panels: [
    {
      kind: "timeseries",
      title: "How much worse or better is the challenger?",
      description:
        "Mean loss of the challenger less the champion's on the same requests, with bounds that hold however often you look. Wholly below 0 it is better: promote it. Wholly above 0: stop it.",
      unit: "none",
      queries: (["point", "lower", "upper"] as const).map((bound) => ({
        expression: max(series(metrics.comparisonDifference, { ...OF_MODEL, [attr.estimateBound]: bound }))
          .by(BY)
          .toString(),
        legend: `${bound} ${legendOf(attr.modelVersion, attr.deploymentRole)}`,
      })),
      thresholds: [
        { from: null, color: "green" },
        { from: 0, color: "red" },
      ],
      width: 12,
      height: 8,
    },
    {
      kind: "bars",
      title: "What is the verdict?",
      description:
        "The verdict that stands has 1. While it is undecided, wait: a decision now would be chance. Equivalent means that the choice may rest on cost.",
      unit: "none",
      queries: [
        {
          expression: max(series(metrics.comparisonVerdict, OF_MODEL))
            .by([...BY, ...labelNames(attr.comparisonVerdict)])
            .toString(),
          legend: legendOf(attr.modelVersion, attr.comparisonVerdict),
        },
      ],
      thresholds: NO_LINE,
      width: 6,
      height: 8,
      min: 0,
      max: 1,
    },
    {
      kind: "timeseries",
      title: "On how many requests does it rest?",
      description:
        "Requests that both versions answered and whose outcome is known. If it does not grow, the challenger gets no traffic, or outcomes stay away.",
      unit: "short",
      queries: [
        {
          expression: max(series(metrics.comparisonPairs, OF_MODEL)).by(BY).toString(),
          legend: legendOf(attr.modelVersion, attr.deploymentRole),
        },
      ],
      thresholds: NO_LINE,
      width: 6,
      height: 8,
      min: 0,
    },
  ],
};
