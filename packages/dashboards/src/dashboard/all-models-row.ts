import { count, gt, max, n, rate, sum } from "@grafana/promql-builder";
import { attr, type MetricDefinition, type MonitorState, metrics } from "@tidemark/semconv";
import { type Labels, labelNames, legendOf, series, WHOLE } from "../promql/query.ts";
import { NO_LINE, type PanelQuery, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";
import { STATE_NUMBERS } from "./state-numbers.ts";
import { tableOf } from "./table-of.ts";
import { worstState } from "./worst-state.ts";

const BY_MODEL = labelNames(attr.modelName);

/** How are all models? */
export const allModelsRow: RowSpec = {
  title: "How are our models?",
  runbook: "model-drift-critical",
  panels: [
    {
      kind: "stat",
      title: "How many models are watched?",
      description:
        "Models with a verdict. Fewer than you serve: a model does not report, or has no entry in tidemark.yaml.",
      unit: "none",
      queries: [
        {
          expression: count(count(series(metrics.monitorStatus)).by(BY_MODEL)).toString(),
          legend: "models",
        },
      ],
      thresholds: NO_LINE,
      width: 4,
      height: 4,
    },
    modelsIn("How many are critical?", "critical", "red"),
    modelsIn("How many warn?", "warning", "yellow"),
    modelsIn("How many are silent?", "no_data", "orange"),
    {
      kind: "stat",
      title: "How much is predicted?",
      description:
        "Predictions a second over all models. A sudden fall concerns the platform, not one model: see the pipeline.",
      unit: "reqps",
      queries: [
        {
          expression: sum(rate(series(metrics.inferencePredictions).range("$__rate_interval"))).toString(),
          legend: "predictions",
        },
      ],
      thresholds: NO_LINE,
      width: 4,
      height: 4,
    },
    {
      kind: "stat",
      title: "Is the monitor itself well?",
      description:
        "Records that were lost since the processors started. Above 0: open the runbook of TidemarkDroppingRecords.",
      unit: "none",
      queries: [
        {
          expression: `${sum(series(metrics.ingestRecords, { [attr.ingestResult]: "dropped" }))} or on() vector(0)`,
          legend: "records lost",
        },
      ],
      thresholds: rising(1, 1),
      width: 4,
      height: 4,
    },
    {
      kind: "states",
      title: "Which model is not ok, and since when?",
      description:
        "The worst state of each model and version. Choose the model in Model health to see which target it is and why.",
      unit: "none",
      queries: [
        {
          expression: worstState({}, [attr.modelName, attr.modelVersion]),
          legend: legendOf(attr.modelName, attr.modelVersion),
        },
      ],
      thresholds: rising(STATE_NUMBERS.warning, STATE_NUMBERS.critical),
      showsStates: true,
      width: 14,
      height: 9,
    },
    {
      kind: "table",
      title: "How good are they now?",
      description:
        "Realized accuracy and ROC AUC of the newest windows, with the share of known outcomes. A model without a row has no outcomes yet, or is no classifier.",
      unit: "percentunit",
      queries: [
        newest("accuracy", metrics.performanceAccuracy, { [attr.estimateBound]: "point" }),
        newest("ROC AUC", metrics.performanceRocAuc, { [attr.estimateBound]: "point" }),
        newest("outcomes known", metrics.outcomeCoverage, {}),
      ],
      thresholds: NO_LINE,
      transformations: tableOf(
        {
          [attr.modelName]: "Model",
          [attr.modelVersion]: "Version",
          [attr.windowName]: "Window",
        },
        ["accuracy", "ROC AUC", "outcomes known"],
      ),
      gauges: ["accuracy", "ROC AUC", "outcomes known"],
      width: 10,
      height: 9,
    },
  ],
};

function newest(legend: string, definition: MetricDefinition, labels: Labels): PanelQuery {
  const by = labelNames(attr.modelName, attr.modelVersion, attr.windowName);
  return {
    expression: max(series(definition, { ...labels, ...WHOLE }))
      .by(by)
      .toString(),
    legend,
  };
}

function modelsIn(title: string, state: MonitorState, color: "red" | "yellow" | "orange"): PanelSpec {
  const models = count(gt(sum(series(metrics.monitorStatus, { [attr.monitorState]: state })).by(BY_MODEL), n(0)));
  return {
    kind: "stat",
    title,
    description: `Models with a target in the state ${state} in its newest window. Above 0: the timeline below names them; choose one and open Model health.`,
    unit: "none",
    queries: [{ expression: `${models} or on() vector(0)`, legend: state }],
    thresholds: [
      { from: null, color: "green" },
      { from: 1, color },
    ],
    width: 4,
    height: 4,
  };
}
