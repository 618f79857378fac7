import { attr, metrics } from "@tidemark/semconv";
import { chosen, legendOf, WHOLE } from "../promql/query.ts";
import { NO_LINE, type RowSpec } from "./panel-spec.ts";

/** Does the truth arrive, and when? */
export const outcomeRow: RowSpec = {
  title: "Outcomes: does the truth arrive, and when?",
  runbook: "model-no-data",
  panels: [
    {
      kind: "timeseries",
      title: "How late do outcomes come?",
      description:
        "Time from a prediction to its outcome, median and higher quantiles. If it grows, verdicts on performance come later: look at the job that reports outcomes.",
      unit: "s",
      queries: [
        {
          expression: chosen(metrics.outcomeDelay, WHOLE).toString(),
          legend: legendOf(attr.quantile, attr.modelVersion, attr.windowName),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "What became of the outcomes?",
      description:
        "Outcomes of the window by what became of them. Orphans name predictions that never came: a wrong id, or sampled away. Conflicts say two things of one prediction: see which system is right.",
      unit: "short",
      queries: [{ expression: chosen(metrics.outcomeCount, WHOLE).toString(), legend: legendOf(attr.outcomeResult) }],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "Are enough outcomes known for a verdict?",
      description:
        "Share of the window's predictions with an outcome, and of those expected that are known. A verdict on performance waits for the latter (performance.minimumCoverage).",
      unit: "percentunit",
      queries: [
        {
          expression: chosen(metrics.outcomeCoverage, WHOLE).toString(),
          legend: `coverage ${legendOf(attr.modelVersion, attr.windowName)}`,
        },
        {
          expression: chosen(metrics.outcomeMaturity, WHOLE).toString(),
          legend: `maturity ${legendOf(attr.modelVersion, attr.windowName)}`,
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 8,
      min: 0,
      max: 1,
    },
  ],
};
