import { clampMin, div, n, scalar, sub, vector } from "@grafana/promql-builder";
import { attr } from "@tidemark/semconv";
import { type BURN_WINDOWS, recorded } from "../alerting/recording-rules.ts";
import { type Threshold, thresholds } from "../alerting/thresholds.ts";
import { legendOf } from "../promql/query.ts";
import { falling, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";

const OF = legendOf(attr.modelName, attr.modelVersion);
const RULES =
  "It comes from the rule file grafana/alerting/prometheus-rules.yaml: empty means that Prometheus has not loaded it.";

/** Do the models keep what was promised? */
export const objectiveRow: RowSpec = {
  title: "Objectives: do our models keep what was promised?",
  runbook: "model-good-predictions-burn-fast",
  panels: [
    budgetLeft("How much may still fail?", "failed", recorded.failedShare("3d"), thresholds.availabilityBudget),
    budgetLeft(
      "How much may still be late or fail?",
      "failed or were late",
      recorded.badShare("3d"),
      thresholds.goodBudget,
    ),
    burn("How fast is availability spent?", recorded.availabilityBurn),
    burn("How fast are good predictions spent?", recorded.goodBurn),
  ],
};

/** Of a budget, what three days as they were leave. */
function budgetLeft(title: string, what: string, share: string, budget: Threshold): PanelSpec {
  const spent = div(vector(share), scalar(vector(budget.record)));
  return {
    kind: "bars",
    title,
    description: `Share of the error budget that is left when all days are as the last three: predictions that ${what}, against ${budget.text}. At 0 the objective is missed: stop changes until it recovers. ${RULES}`,
    unit: "percentunit",
    queries: [{ expression: clampMin(sub(n(1), spent), 0).toString(), legend: OF }],
    thresholds: falling(0.1, 0.5),
    width: 6,
    height: 8,
    min: 0,
    max: 1,
  };
}

function burn(title: string, rateOf: (window: (typeof BURN_WINDOWS)[number]) => string): PanelSpec {
  return {
    kind: "timeseries",
    title,
    description: `Burn rate over one and six hours: 1 spends the budget in exactly its month, 14.4 in two days. Above 14.4 over an hour someone is called: roll back first. ${RULES}`,
    unit: "none",
    queries: (["1h", "6h"] as const).map((window) => ({ expression: rateOf(window), legend: `${OF} ${window}` })),
    thresholds: rising(1, 14.4),
    width: 6,
    height: 8,
    min: 0,
  };
}
