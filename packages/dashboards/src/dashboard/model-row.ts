import { max, sum } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics } from "@tidemark/semconv";
import { CHOSEN, chosen, labelNames, legendOf, series } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";
import { STATE_NUMBERS } from "./state-numbers.ts";
import { worstState } from "./worst-state.ts";

/** How is the model, at a glance, and since when? */
export const modelRow: RowSpec = {
  title: "How is the model?",
  runbook: "model-drift-critical",
  panels: [
    inState(
      "Is anything critical?",
      "critical",
      "Targets that are critical in the newest window. Above 0: open the runbook that the alert names and read the first cause.",
      rising(1, 1),
    ),
    inState(
      "Does anything warn?",
      "warning",
      "Targets that warn in the newest window. Above 0: watch them in the rows below; a warning alone pages nobody.",
      [
        { from: null, color: "green" },
        { from: 1, color: "yellow" },
      ],
    ),
    inState(
      "What cannot be judged?",
      "insufficient_data",
      "Targets with too little data for a verdict. Nothing is known of them, neither good nor bad: choose a longer window or sample more.",
      [
        { from: null, color: "green" },
        { from: 1, color: "blue" },
      ],
    ),
    {
      kind: "stat",
      title: "How many features drifted?",
      description:
        "Features whose drift is critical. One feature points at its feed, many at once at the population or the join.",
      unit: "none",
      queries: [{ expression: chosen(metrics.driftFeatureCount).toString(), legend: legendOf(attr.windowName) }],
      thresholds: rising(1, 3),
      width: 4,
      height: 4,
    },
    {
      kind: "stat",
      title: "How many predictions did the window have?",
      description:
        "Predictions of the newest judged window. If it fell, see the volume under Data quality before anything else.",
      unit: "short",
      queries: [{ expression: chosen(metrics.windowSampleCount).toString(), legend: legendOf(attr.windowName) }],
      thresholds: NO_LINE,
      width: 4,
      height: 4,
    },
    {
      kind: "stat",
      title: "How many outcomes are known?",
      description:
        "Share of the window's predictions whose outcome is known. Performance is judged from 90 % of those expected (performance.minimumCoverage) on.",
      unit: "percentunit",
      queries: [{ expression: chosen(metrics.outcomeCoverage).toString(), legend: legendOf(attr.windowName) }],
      thresholds: [
        { from: null, color: "yellow" },
        { from: 0.9, color: "green" },
      ],
      width: 4,
      height: 4,
      min: 0,
      max: 1,
    },
    {
      kind: "states",
      title: "What is not ok, and since when?",
      description:
        "State of every target over time, the worst of its verdicts. Follow the first target that left ok: what came later is often its consequence.",
      unit: "none",
      queries: [
        {
          expression: worstState(CHOSEN, [attr.monitorSignal, attr.monitorTarget]),
          legend: legendOf(attr.monitorSignal, attr.monitorTarget),
        },
      ],
      thresholds: rising(STATE_NUMBERS.warning, STATE_NUMBERS.critical),
      showsStates: true,
      width: 16,
      height: 10,
    },
    {
      kind: "bars",
      title: "What explains it?",
      description:
        "First causes found in the newest windows: a fault (unit_change, nulls, stuck, new_category, type_change, silence), a shift of the inputs, or a changed world. Begin with the feature that is named.",
      unit: "none",
      queries: [
        {
          expression: max(series(metrics.monitorCause, CHOSEN))
            .by(labelNames(attr.causeKind, attr.causeTarget, attr.windowName))
            .toString(),
          legend: legendOf(attr.causeKind, attr.causeTarget, attr.windowName),
        },
      ],
      thresholds: NO_LINE,
      width: 8,
      height: 10,
      min: 0,
      max: 1,
    },
  ],
};

function inState(
  title: string,
  state: MonitorState,
  description: string,
  thresholds: PanelSpec["thresholds"],
): PanelSpec {
  const status = chosen(metrics.monitorStatus, { [attr.monitorState]: state });
  return {
    kind: "stat",
    title,
    description,
    unit: "none",
    queries: [{ expression: sum(status).toString(), legend: state }],
    thresholds,
    width: 4,
    height: 4,
  };
}
