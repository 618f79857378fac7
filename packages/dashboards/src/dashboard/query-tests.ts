import {
  attr,
  type MetricDefinition,
  MONITOR_STATES,
  metrics,
  prometheusLabel,
  prometheusName,
} from "@tidemark/semconv";
import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { driftRow } from "./drift-row.ts";
import { modelRow } from "./model-row.ts";
import type { PanelSpec, RowSpec } from "./panel-spec.ts";
import { processorRow } from "./processor-row.ts";
import { STATE_NUMBERS } from "./state-numbers.ts";

type LabelSet = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: LabelSet;
  readonly value: number;
}

/** What the dashboard's variables stand for in the tests. */
const CHOICES: Readonly<Record<string, string>> = {
  $model: "flight-delay",
  $version: ".*",
  $window: "24h",
  $feature: "distance",
};

const MODEL: LabelSet = { [attr.modelName]: "flight-delay", [attr.modelVersion]: "1", [attr.windowName]: "24h" };
const DISTANCE: LabelSet = { ...MODEL, [attr.featureName]: "distance", [attr.driftTarget]: "feature" };

/**
 * grafana/alerting/tests/model-health-dashboard.yaml: promtool runs queries of the dashboard on the series of two
 * replicas of the processor, those of another model among them, and compares what the panels would show.
 */
export function dashboardQueryTests(): string {
  const tests = [
    {
      name: "Model health: what the panels show",
      interval: "1m",
      input_series: inputSeries(),
      promql_expr_test: expectations().map(([row, title, samples]) => ({
        expr: chosenExpression(panelOf(row, title)),
        eval_time: "5m",
        exp_samples: samples.map(({ labels, value }) => ({ labels: labelText(labels), value })),
      })),
    },
  ];
  return `${GENERATED_COMMENT}${stringify({ rule_files: [], evaluation_interval: "1m", tests }, { lineWidth: 0 })}`;
}

function expectations(): (readonly [RowSpec, string, readonly Sample[]])[] {
  const target = (signal: string, name: string) => ({ [attr.monitorSignal]: signal, [attr.monitorTarget]: name });
  const bin = (index: number, label: string) => ({ [attr.binIndex]: String(index), [attr.binLabel]: label });
  return [
    [modelRow, "Is anything critical?", [{ labels: {}, value: 1 }]],
    [modelRow, "Does anything warn?", [{ labels: {}, value: 0 }]],
    [
      modelRow,
      "What is not ok, and since when?",
      [
        { labels: target("data_quality", "distance"), value: 0 },
        { labels: target("drift", "distance"), value: STATE_NUMBERS.critical },
      ],
    ],
    [driftRow, "How far is each target towards its alarm line?", [{ labels: DISTANCE, value: 2.5 }]],
    [
      driftRow,
      "What does $feature look like against the reference?",
      [
        { labels: bin(0, "≤ 100"), value: 0.25 },
        { labels: bin(1, "> 100"), value: 0.75 },
      ],
    ],
    [processorRow, "How full is the queue?", [{ labels: {}, value: 0.5 }]],
  ];
}

function inputSeries(): { series: string; values: string }[] {
  return ["processor-0", "processor-1"].flatMap((instance) => {
    const series = (definition: MetricDefinition, labels: LabelSet, value: number) => ({
      series: `${prometheusName(definition)}${labelText({ ...labels, instance, job: "tidemark-processor" })}`,
      values: `${value}x10`,
    });
    const status = (labels: LabelSet, signal: string, current: string) =>
      MONITOR_STATES.map((state) =>
        series(
          metrics.monitorStatus,
          { ...labels, [attr.monitorSignal]: signal, [attr.monitorTarget]: "distance", [attr.monitorState]: state },
          state === current ? 1 : 0,
        ),
      );
    const share = (side: string, index: number, label: string, value: number) =>
      series(
        metrics.windowBinShare,
        { ...DISTANCE, [attr.binSide]: side, [attr.binIndex]: String(index), [attr.binLabel]: label },
        value,
      );
    return [
      ...status(DISTANCE, "drift", "critical"),
      ...status({ ...DISTANCE, [attr.qualityRule]: "missing" }, "data_quality", "ok"),
      ...status({ ...DISTANCE, [attr.modelName]: "another" }, "drift", "warning"),
      series(metrics.driftSeverity, DISTANCE, 2.5),
      share("window", 0, "≤ 100", 0.25),
      share("window", 1, "> 100", 0.75),
      share("reference", 0, "≤ 100", 0.5),
      share("reference", 1, "> 100", 0.5),
      series(metrics.ingestQueueUsage, {}, 50),
      series(metrics.ingestQueueLimit, {}, 100),
    ];
  });
}

function panelOf(row: RowSpec, title: string): PanelSpec {
  const panel = row.panels.find((candidate) => candidate.title === title);
  if (panel === undefined) throw new RangeError(`the row "${row.title}" has no panel "${title}"`);
  return panel;
}

/** The panel's first query, with the variables as a person chose them. */
function chosenExpression(panel: PanelSpec): string {
  return panel.queries[0]!.expression.replaceAll(/\$[a-z]+/g, (variable) => CHOICES[variable] ?? variable);
}

function labelText(labels: LabelSet): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${prometheusLabel(key)}="${value}"`);
  return `{${pairs.join(", ")}}`;
}
