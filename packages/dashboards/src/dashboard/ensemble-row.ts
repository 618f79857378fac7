import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { chosen, legendOf } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec } from "./panel-spec.ts";

/** Which members earn their place? Empty where predictions do not say what members answered. */
export const ensembleRow: RowSpec = {
  title: "Ensemble: which members earn their place?",
  runbook: "model-performance-critical",
  panels: [
    {
      kind: "timeseries",
      title: "What would leaving a member out do?",
      description:
        "Mean squared error of the ensemble without a member less that with it, with its 95 % interval. Wholly above 0 the member helps; wholly below 0 the ensemble is better without it. Of the shortest window; empty where the answers are no weighted mean of the members'.",
      unit: "none",
      queries: bounds(metrics.ensembleMemberBenefit, attr.ensembleMember),
      thresholds: [
        { from: null, color: "red" },
        { from: 0, color: "green" },
      ],
      width: 12,
      height: 8,
    },
    panel(
      "How wrong is each member?",
      "Mean squared error of each member and of the ensemble itself (_ensemble_) on the window's outcomes: the Brier score of probabilities. An ensemble that is no better than its best member is not worth its cost.",
      [query(metrics.ensembleMemberLoss, { [attr.estimateBound]: "point" }, attr.ensembleMember)],
    ),
    panel(
      "How far do the members differ?",
      "Share of predictions on which not all have the same class, and the ambiguity: what averaging takes off the members' squared error. Near 0 the members say the same, and one would do.",
      [
        query(metrics.ensembleDisagreement, {}, attr.modelVersion, "disagreement"),
        query(metrics.ensembleAmbiguity, {}, attr.modelVersion, "ambiguity"),
      ],
    ),
    panel(
      "Which weights are in use, and which would fit the outcomes?",
      "Weights in use as read from the answers, and those fitted to all matured outcomes of this version. The difference alone is no reason to change: see the gain.",
      [query(metrics.ensembleMemberWeight, {}, [attr.ensembleMember, attr.ensembleWeight])],
    ),
    {
      kind: "timeseries",
      title: "Would other weights be better?",
      description:
        "Mean squared error of the ensemble less that of weights fitted to earlier windows, on outcomes they had not seen, with bounds that hold however often you look. Wholly above 0 it is proved, and proved is 1: read the proposal under /v1/ensembles and try it as a challenger. Nothing is applied.",
      unit: "none",
      queries: [
        ...bounds(metrics.ensembleProposalGain, attr.modelVersion),
        query(metrics.ensembleProposalStatus, {}, attr.modelVersion, "proved"),
      ],
      thresholds: NO_LINE,
      width: 12,
      height: 8,
    },
  ],
};

function bounds(definition: MetricDefinition, by: string): PanelSpec["queries"] {
  return (["point", "lower", "upper"] as const).map((bound) =>
    query(definition, { [attr.estimateBound]: bound }, by, bound),
  );
}

function query(
  definition: MetricDefinition,
  labels: Readonly<Record<string, string>>,
  by: string | readonly string[],
  word = "",
): PanelSpec["queries"][number] {
  const legend = legendOf(...[by].flat());
  return { expression: chosen(definition, labels).toString(), legend: word === "" ? legend : `${word} ${legend}` };
}

function panel(title: string, description: string, queries: PanelSpec["queries"]): PanelSpec {
  return {
    kind: "timeseries",
    title,
    description,
    unit: "none",
    queries,
    thresholds: NO_LINE,
    width: 12,
    height: 8,
    min: 0,
  };
}
