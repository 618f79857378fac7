import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { alertAnnotations } from "./alert-annotations.ts";
import type { AlertDefinition, Probe } from "./alert-definition.ts";
import { alertLabels } from "./alert-labels.ts";
import { alertGroups } from "./alert-table.ts";
import { RECORDING_GROUP } from "./prometheus-rules.ts";
import { type Phase, seriesValues } from "./series-values.ts";

/** Whether the alert is up at a minute of the scenario. */
type Expectation = readonly [minute: number, isUp: boolean];

interface Scenario {
  readonly name: string;
  readonly probes: readonly Probe[];
  readonly phases: readonly Phase[];
  readonly expected: readonly Expectation[];
}

/** Minutes over which a condition comes and goes. */
const FLAPPING_ROUNDS = 12;
const SILENT_MINUTES = 60;

/**
 * grafana/alerting/tests/<slug>.yaml: promtool's tests of one alert: it fires with its texts, stays quiet, keeps its
 * promise when the condition flaps and when there is no data, and resolves.
 */
export function ruleTests(alert: AlertDefinition): string {
  const { stepMinutes } = alert.test;
  const tests = scenariosOf(alert).map(({ name, probes, phases, expected }, index) => ({
    name: `${alert.name} ${name}`,
    interval: `${stepMinutes}m`,
    input_series:
      phases.length === 0
        ? []
        : probes.map((probe) => ({ series: probe.series, values: seriesValues(probe, phases, stepMinutes) })),
    promql_expr_test: expected.map(([minute, isUp]) => ({
      expr: `count(ALERTS{alertname="${alert.name}", alertstate="firing"}) or vector(0)`,
      eval_time: `${minute}m`,
      exp_samples: [{ labels: "{}", value: isUp ? 1 : 0 }],
    })),
    ...(index === 0 ? { alert_rule_test: [textTest(alert)] } : {}),
  }));
  const file = {
    rule_files: ["../prometheus-rules.yaml"],
    evaluation_interval: `${stepMinutes}m`,
    group_eval_order: [RECORDING_GROUP, ...alertGroups.map(({ name }) => name)],
    tests,
  };
  return `${GENERATED_COMMENT}${stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function scenariosOf({ test }: AlertDefinition): Scenario[] {
  const { probes, warmUpMinutes, badMinutes, upAfterMinutes, downAfterMinutes, flapMinutes, stepMinutes } = test;
  if (test.always) {
    return [
      {
        name: "fires whatever happens",
        probes,
        phases: [],
        expected: [
          [1, true],
          [SILENT_MINUTES, true],
        ],
      },
    ];
  }
  const good = (minutes: number): Phase => ({ state: "good", minutes });
  const bad = (minutes: number): Phase => ({ state: "bad", minutes });
  const end = warmUpMinutes + badMinutes;
  const flaps = Array.from({ length: FLAPPING_ROUNDS }, () => [bad(flapMinutes), good(flapMinutes)]).flat();
  // Steady: once up, in good and in bad minutes alike.
  const flapped = test.flapping === "steady" ? warmUpMinutes + 2 * FLAPPING_ROUNDS * flapMinutes : null;
  const firing: Scenario = {
    name: "fires once the condition has lasted, and resolves after it has ended",
    probes,
    phases: [good(warmUpMinutes), bad(badMinutes), good(downAfterMinutes + 60)],
    expected: [
      [warmUpMinutes - stepMinutes, false],
      [warmUpMinutes + upAfterMinutes, true],
      [end - stepMinutes, true],
      [end + downAfterMinutes, false],
      [end + downAfterMinutes + 30, false],
    ],
  };
  return [
    firing,
    ...(test.otherProbes === undefined
      ? []
      : [{ ...firing, name: `${firing.name}, by other series`, probes: test.otherProbes }]),
    {
      name: "stays quiet while all is well",
      probes,
      phases: [good(warmUpMinutes + 60)],
      expected: [
        [warmUpMinutes, false],
        [warmUpMinutes + 60 - stepMinutes, false],
      ],
    },
    {
      name:
        flapped === null
          ? "stays quiet while the condition comes and goes"
          : "is up without a break while the condition comes and goes",
      probes,
      phases: [good(warmUpMinutes), ...flaps],
      expected:
        flapped === null
          ? flapExpectations(test, false)
          : [2, 1.5, 1, 0.5]
              .map((rounds) => [flapped - rounds * flapMinutes, true] as const)
              .filter(([minute]) => Number.isInteger(minute / stepMinutes)),
    },
    {
      name:
        test.silence === "fires" ? "fires when there is no data at all" : "stays quiet when there never was any data",
      probes,
      phases: [],
      expected: [[SILENT_MINUTES, test.silence === "fires"]],
    },
  ];
}

/** Every change of the flapping condition. */
function flapExpectations({ warmUpMinutes, flapMinutes }: AlertDefinition["test"], isUp: boolean): Expectation[] {
  return Array.from({ length: 2 * FLAPPING_ROUNDS }, (_, index) => [warmUpMinutes + index * flapMinutes, isUp]);
}

/** The whole alert with its labels and texts, in the last bad minute. */
function textTest(alert: AlertDefinition): Record<string, unknown> {
  const { test } = alert;
  const minute = test.always ? 1 : test.warmUpMinutes + test.badMinutes - test.stepMinutes;
  const labels = { ...test.labels, ...alertLabels(alert) };
  return {
    eval_time: `${minute}m`,
    alertname: alert.name,
    exp_alerts: [{ exp_labels: labels, exp_annotations: expectedTexts(alert, test.labels) }],
  };
}

function expectedTexts(alert: AlertDefinition, labels: Readonly<Record<string, string>>): Record<string, string> {
  const { details, test } = alert;
  const shown =
    details.kind === "verdict"
      ? { value: test.value, threshold: "1", first_cause: "unit_change of distance" }
      : {
          value: test.value,
          threshold: typeof details.threshold === "string" ? details.threshold : details.threshold.text,
          first_cause: details.cause,
        };
  const texts = Object.entries({ ...alertAnnotations(alert), ...shown }).map(([name, text]) => [
    name,
    text
      .replaceAll(/\{\{ \$labels\.(\w+)(?: \| urlquery)? \}\}/g, (_, label: string) => labels[label] ?? "")
      .replaceAll(/\{\{ \$externalLabels\.\w+ \}\}/g, ""),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}
