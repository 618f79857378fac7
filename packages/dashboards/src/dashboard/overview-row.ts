import { max, mul, n, or, sum } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics } from "@tidemark/semconv";
import { chosen, labelNames, legendOf, series } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";
import { STATE_NUMBERS } from "./state-numbers.ts";

/** How is the model, at a glance, and since when? */
export const overviewRow: RowSpec = {
  title: "How is the model?",
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
      title: "How old is the newest prediction?",
      description:
        "Time since the newest prediction arrived. If it grows, see whether the service runs and its exporter reaches the Collector.",
      unit: "s",
      queries: [
        {
          expression: max(series(metrics.dataAge, { [attr.modelName]: "$model" }))
            .by(labelNames(attr.modelName))
            .toString(),
          legend: legendOf(attr.modelName),
        },
      ],
      thresholds: rising(3_600, 86_400),
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
        "Share of the window's predictions whose outcome is known. Performance is judged from 90 % (performance.minimumCoverage) on.",
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
      queries: [{ expression: worstState(), legend: legendOf(attr.monitorSignal, attr.monitorTarget) }],
      thresholds: rising(STATE_NUMBERS.warning, STATE_NUMBERS.critical),
      width: 24,
      height: 9,
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

/** `max by (signal, target)` of each state's 0 or 1 times its number. */
function worstState(): string {
  const [first, ...others] = Object.entries(STATE_NUMBERS).map(([state, number]) =>
    mul(chosen(metrics.monitorStatus, { [attr.monitorState]: state }), n(number)),
  );
  return max(others.reduce((all, one) => or(all, one), first!))
    .by(labelNames(attr.monitorSignal, attr.monitorTarget))
    .toString();
}
