import { attr, metrics } from "@tidemark/semconv";
import { chosen, legendOf } from "../promql/query.ts";
import { NO_LINE, type RowSpec, rising } from "./panel-spec.ts";

/** Do the values arrive whole, and as many as usual? */
export const qualityRow: RowSpec = {
  title: "Data quality: do the values arrive whole, and as many as usual?",
  runbook: "model-data-quality-critical",
  panels: [
    {
      kind: "timeseries",
      title: "Which values break a rule?",
      description:
        "Share of a feature's values that are missing, of the wrong type, out of range, never seen, not finite or far outside the reference, and of the reference's rows whose category went silent. If one jumps, ask the owner of that feed what changed.",
      unit: "percentunit",
      queries: [
        {
          expression: chosen(metrics.dataQualityShare, {
            // These are never at zero: their verdicts tell when they are broken.
            [attr.qualityRule]: { excludes: "constant|stuck|cardinality" },
          }).toString(),
          legend: legendOf(attr.featureName, attr.qualityRule),
        },
      ],
      thresholds: rising(0.01, 0.05),
      width: 12,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "Are there as many predictions as usual?",
      description:
        "Predictions by window. Below half of the same window of the weeks before warns, below 30 % is critical: look for lost traffic or lost telemetry.",
      unit: "short",
      queries: [
        {
          expression: chosen(metrics.windowSampleCount).toString(),
          legend: legendOf(attr.modelVersion, attr.windowName),
        },
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "Do features that moved together still do?",
      description:
        "Rank correlation of the pairs that the reference's rows show to move together. One that falls towards 0 broke: look which of the two changed its feed, its unit or its place. Empty where records carry no inputs, or no pair is correlated by 0.5.",
      unit: "none",
      queries: [
        {
          expression: chosen(metrics.dataQualityCorrelation, { [attr.estimateBound]: "point" }).toString(),
          legend: legendOf(attr.featurePair),
        },
      ],
      thresholds: NO_LINE,
      width: 24,
      height: 8,
      min: -1,
      max: 1,
    },
  ],
};
