import { and, gt, n, or, vector } from "@grafana/promql-builder";
import { attr, metrics, prometheusLabel } from "@tidemark/semconv";
import { DASHBOARD_UIDS } from "../dashboard/dashboard-uids.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { COMMON_TEST, probe, SUBJECT_TEXT, TESTED, valueDetails } from "./alert-parts.ts";
import { type BurnWindow, LATE_SECONDS, recorded } from "./recording-rules.ts";
import { type Threshold, thresholds } from "./thresholds.ts";

interface Objective {
  readonly name: string;
  readonly slug: string;
  readonly burn: (window: BurnWindow) => string;
  readonly budget: Threshold;
  readonly bad: string;
}

/** A burn rate with the long window that makes it matter and the short one that ends the alert soon after the trouble. */
interface BurnPair {
  readonly rate: number;
  readonly long: BurnWindow;
  readonly short: BurnWindow;
}

/**
 * 14.4 spends 2 % of a month's budget in an hour, 6 spends 5 % in six hours, 3 and 1 spend 10 % in one and three days.
 * Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
const FAST: readonly BurnPair[] = [
  { rate: 14.4, long: "1h", short: "5m" },
  { rate: 6, long: "6h", short: "30m" },
];
const SLOW: readonly BurnPair[] = [
  { rate: 3, long: "1d", short: "2h" },
  { rate: 1, long: "3d", short: "6h" },
];

const OBJECTIVES: readonly Objective[] = [
  {
    name: "ModelAvailability",
    slug: "model-availability",
    burn: recorded.availabilityBurn,
    budget: thresholds.availabilityBudget,
    bad: "failed",
  },
  {
    name: "ModelGoodPredictions",
    slug: "model-good-predictions",
    burn: recorded.goodBurn,
    budget: thresholds.goodBudget,
    bad: `failed or took longer than ${LATE_SECONDS} s`,
  },
];

/** Alerts on the service level objectives: how fast the error budget of a month is spent. */
export const sloAlerts: readonly AlertDefinition[] = OBJECTIVES.flatMap((objective) => [
  burnAlert(objective, "critical", FAST),
  burnAlert(objective, "warning", SLOW),
]);

function burnAlert(
  objective: Objective,
  severity: "critical" | "warning",
  pairs: readonly BurnPair[],
): AlertDefinition {
  const { name, slug, burn, budget, bad } = objective;
  const [first, second] = pairs.map(({ rate, long, short }) =>
    and(gt(vector(burn(long)), n(rate)), gt(vector(burn(short)), n(rate))),
  );
  const isFast = severity === "critical";
  const lines = pairs.map(({ rate, long, short }) => `${rate} over ${long} and ${short}`).join(", or ");
  return {
    name: `${name}Burn${isFast ? "Fast" : "Slow"}`,
    slug: `${slug}-burn-${isFast ? "fast" : "slow"}`,
    severity,
    team: "service",
    subject: slug.replace("model-", "").replaceAll("-", "_"),
    expression: or(first!, second!).toString(),
    forMinutes: 0,
    keepFiringMinutes: isFast ? 15 : 60,
    summary: `${SUBJECT_TEXT.model} spends its error budget too fast`,
    meaning: `Predictions ${bad}, so often that the budget of ${budget.text} is gone ${isFast ? "within days" : "before the month ends"}.`,
    details: valueDetails("number", lines, `See which predictions ${bad}, by error_type and by latency.`),
    steps: [
      "Look at the errors by `error.type` and at the latency quantiles of the last hours: which of them spends the budget?",
      isFast
        ? "Stop the spending first: roll back, shift traffic to another version, or answer without the model."
        : "Find the steady cause: one client, one input, one slow replica. There is time, but not a month.",
      `The objective stands in the rule file as \`${budget.record}\`; change it there where another was agreed.`,
    ],
    dashboard: DASHBOARD_UIDS.overview,
    test: burnTest(objective, isFast),
  };
}

/** The share of bad predictions that spends the budget 50 and 5 times too fast. */
function burnTest({ budget }: Objective, isFast: boolean): AlertDefinition["test"] {
  const failing = budget.value * (isFast ? 50 : 5);
  const perMinute = 60_000;
  const labels = { ...TESTED.model, ...TESTED.process };
  const failed = { ...labels, [prometheusLabel(attr.errorType)]: "timeout" };
  const probes = [
    probe(metrics.inferencePredictions, labels, { kind: "counter", good: perMinute, bad: perMinute * (1 - failing) }),
    probe(metrics.inferencePredictions, failed, { kind: "counter", good: 0, bad: perMinute * failing }),
  ];
  const common = { ...COMMON_TEST, probes, labels: TESTED.model, flapping: "steady" as const };
  return isFast
    ? {
        ...common,
        warmUpMinutes: 70,
        badMinutes: 90,
        upAfterMinutes: 25,
        downAfterMinutes: 50,
        flapMinutes: 5,
        value: "50",
      }
    : {
        ...common,
        warmUpMinutes: 1_440,
        badMinutes: 1_600,
        upAfterMinutes: 450,
        downAfterMinutes: 450,
        flapMinutes: 60,
        stepMinutes: 10,
        value: "5",
      };
}
