import { attr, metrics } from "@tidemark/semconv";
import { chosen, legendOf } from "../promql/query.ts";
import { NO_LINE, type RowSpec, rising } from "./panel-spec.ts";

/** Do the same features still move the predictions? Empty where the service records no attributions. */
export const attributionRow: RowSpec = {
  title: "Attribution: do the same features still move the predictions?",
  runbook: "model-drift-critical",
  panels: [
    {
      kind: "timeseries",
      title: "How far has the ranking of the features moved?",
      description:
        "1 - NDCG of the features' ranking by recorded attributions, against the importances in the profile. The verdict rests on its interval: above 0.05 warns, above 0.1 is critical. If it rises, look right at which feature gained. Empty without recorded attributions or without importances.",
      unit: "percentunit",
      queries: [
        {
          expression: chosen(metrics.attributionDrift).toString(),
          legend: legendOf(attr.modelVersion, attr.windowName),
        },
      ],
      thresholds: rising(0.05, 0.1),
      width: 12,
      height: 8,
      min: 0,
    },
    {
      kind: "timeseries",
      title: "Which features move the predictions?",
      description:
        "Share of each feature in the sum of the absolute attributions that the service recorded. A feature that gained or lost much is where to look first.",
      unit: "percentunit",
      queries: [
        {
          expression: chosen(metrics.attributionImportance).toString(),
          legend: legendOf(attr.featureName),
        },
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 8,
      min: 0,
    },
  ],
};
