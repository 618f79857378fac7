import { COSTS, planCapacity } from "../../packages/cli/src/capacity/plan-capacity.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { type FleetLoad, type FleetReport, type ReplicaLoss, simulateFleet } from "./simulate-fleet.ts";

const CORES = 4;
const PARTITIONS_A_REPLICA = 4;
const PLAN = { models: 10_000, features: 20, retentionDays: 40 };
const RATE = 1_000_000;
/** In the busiest hour of the week: an hour after Monday's midnight, for an hour. */
const LOSS: ReplicaLoss = { atSeconds: 3_600, backAfterSeconds: 3_600 };
const SAMPLED_RATE = RATE / 100;

interface Scenario {
  readonly name: string;
  readonly load: Partial<FleetLoad> & Pick<FleetLoad, "predictionsPerSecond">;
  /** Days until outcomes come; null without any. */
  readonly labelDelayDays: number | null;
  readonly loss: ReplicaLoss | null;
  /** As many as `tidemark capacity` says unless given. */
  readonly replicas?: number;
}

const every = { predictionsPerSecond: RATE };
const sampled = { predictionsPerSecond: SAMPLED_RATE };
const late = { lateJudgements: 2 };

const SCENARIOS: readonly Scenario[] = [
  { name: "every record, equal models", load: every, labelDelayDays: null, loss: null },
  { name: "... the busiest replica lost for an hour", load: every, labelDelayDays: null, loss: LOSS },
  { name: "every record, Zipf 0.5", load: { ...every, exponent: 0.5 }, labelDelayDays: null, loss: null },
  { name: "every record, Zipf 1", load: { ...every, exponent: 1 }, labelDelayDays: null, loss: null },
  { name: "... keyed by model", load: { ...every, exponent: 1, keyedByModel: true }, labelDelayDays: null, loss: null },
  { name: "late outcomes, equal models", load: { ...every, ...late }, labelDelayDays: 7, loss: null },
  { name: "... Zipf 0.5", load: { ...every, ...late, exponent: 0.5 }, labelDelayDays: 7, loss: null },
  {
    name: "a hundredth, Zipf 1, two replicas",
    load: { ...sampled, exponent: 1 },
    labelDelayDays: null,
    loss: null,
    replicas: 2,
  },
  {
    name: "... one of the two lost for an hour",
    load: { ...sampled, exponent: 1 },
    labelDelayDays: null,
    loss: LOSS,
    replicas: 2,
  },
  {
    name: "... and late outcomes",
    load: { ...sampled, ...late, exponent: 1 },
    labelDelayDays: 7,
    loss: LOSS,
    replicas: 2,
  },
];

/**
 * `npm run bench -- scale`: docs/scale.md's plan of a million predictions a second and 10,000 models, simulated for a week with skew, the
 * loss of a replica and late outcomes, and where it breaks. The costs are measured; the fleet is not run.
 */
export function benchScale({ seed }: BenchOptions): BenchResult[] {
  const results: BenchResult[] = [];
  const add = (name: string, value: number, unit: string) =>
    results.push({ name, value, unit, against: null, ratio: null });
  console.log(
    `${"scenario".padEnd(42)} replicas  busiest   mean   durable after, s          verdict after, h\n${" ".repeat(68)}p50    p99     max    p50    p99     max`,
  );
  for (const scenario of SCENARIOS) {
    const { replicas, report } = runScenario(scenario, seed);
    const { busiestUtilisation, meanUtilisation, ingestLag, verdictLag } = report;
    const lags = [ingestLag, verdictLag].flatMap((values) => [0.5, 0.99, 1].map((share) => values.quantile(share)));
    console.log(
      [
        scenario.name.padEnd(42),
        String(replicas).padStart(8),
        percent(busiestUtilisation).padStart(8),
        percent(meanUtilisation).padStart(6),
        ...lags.map((lag) => (Number.isFinite(lag) ? lag.toFixed(1) : "never").padStart(6)),
      ].join(" "),
    );
    add(`${scenario.name}: busiest replica`, busiestUtilisation, "1");
    add(`${scenario.name}: verdict, 99th percentile`, lags[4]!, "h");
  }
  const equal = runScenario(SCENARIOS[0]!, seed);
  const growth = 1 / equal.report.busiestUtilisation;
  console.log(`\nequal models: the plan's replicas bear ${growth.toFixed(2)} times its rate`);
  add("equal models: rate borne, of the plan's", growth, "1");
  const exponent = breakingExponent(seed);
  console.log(`skew: up to Zipf ${exponent.toFixed(2)} every verdict of the week is there before the next week's`);
  add("skew borne by the plan, Zipf's exponent", exponent, "1");
  const largest = largestModel();
  console.log(
    `one model: at most ${Math.round(largest).toLocaleString("en")} predictions a second, whatever the fleet`,
  );
  add("largest model of one replica", largest, "{prediction}/s");
  return results;
}

function runScenario(scenario: Scenario, seed: string): { replicas: number; report: FleetReport } {
  const { labelDelayDays, loss } = scenario;
  const { models, features } = PLAN;
  const { predictionsPerSecond } = scenario.load;
  const replicas = scenario.replicas ?? planCapacity({ ...PLAN, predictionsPerSecond, labelDelayDays }).replicas;
  const load = { models, features, exponent: 0, keyedByModel: false, lateJudgements: 0, ...scenario.load };
  const fleet = { replicas, coresPerReplica: CORES, partitions: replicas * PARTITIONS_A_REPLICA };
  return { replicas, report: simulateFleet({ load, fleet, loss }, createSeededRandom(`scale/${seed}`)) };
}

/** The largest exponent, in steps of 0.05, at which no replica is asked for more than it has. */
function breakingExponent(seed: string): number {
  let borne = 0;
  for (let exponent = 0.05; exponent <= 1; exponent += 0.05) {
    const scenario = { name: "", load: { ...every, exponent }, labelDelayDays: null, loss: null };
    if (runScenario(scenario, seed).report.busiestUtilisation > 1) break;
    borne = exponent;
  }
  return borne;
}

/** A model's windows are judged by one replica: each value is read by its day and by its week. */
function largestModel(): number {
  return CORES / ((2 * PLAN.features * COSTS.windowMicrosPerValue) / 1e6);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
