import { chiSquareQuantile } from "@tidemark/stats";
import type { BenchResult } from "../bench-result.ts";
import type { DetectionRun } from "./detection-run.ts";
import { FEATURES, LOOKS_A_MONTH, type MonthKind, type MonthTally, watchMonth } from "./watch-months.ts";

const MONTHS = { quick: 0, default: 1, full: 20 } as const;

const KINDS: readonly { readonly name: string; readonly kind: MonthKind; readonly mostAlarms: number }[] = [
  { name: "reference of 1,000 rows", kind: { reference: 1_000 }, mostAlarms: 1 },
  { name: "reference of 10,000 rows", kind: { reference: 10_000 }, mostAlarms: 1 },
  { name: "week noise 0.05 sd, 4 reference weeks", kind: { weeks: 4, noise: 0.05 }, mostAlarms: 3 },
];

/** False alarms in seeded months of 100 features, looked at every minute. */
export function benchMonths({ size, seed, shares }: DetectionRun): BenchResult[] {
  const months = MONTHS[size];
  if (months === 0) return [];
  console.log(`\nFalse alarms a month: ${FEATURES} features, ${LOOKS_A_MONTH} looks of 30 rows each`);
  return KINDS.map(({ name, kind, mostAlarms }) => {
    const tallies = Array.from({ length: months }, (_, month) =>
      shares.run(`month ${name} ${month}`, () => watchMonth(kind, `${seed}/month/${name}/${month}`)),
    );
    return monthsResult(name, tallies, mostAlarms);
  });
}

function monthsResult(name: string, tallies: readonly MonthTally[], mostAlarms: number): BenchResult {
  const alarms = tallies.reduce((sum, tally) => sum + tally.alarms, 0);
  const firstDay = tallies.reduce((sum, tally) => sum + tally.firstDay, 0);
  const value = alarms / tallies.length;
  const [lower, upper] = poissonInterval(alarms).map((limit) => limit / tallies.length) as [number, number];
  const worst = Math.max(...tallies.map((tally) => tally.alarms));
  console.log(
    `${name.padEnd(38)} ${value.toFixed(2)} [${lower.toFixed(2)}, ${upper.toFixed(2)}] a month: ${alarms} in ` +
      `${tallies.length} months, ${firstDay} of them on the first day, worst month ${worst}`,
  );
  return {
    name: `false alarms a month, ${name}`,
    value,
    unit: "alarms a month",
    against: `target: at most ${mostAlarms}`,
    ratio: mostAlarms / (value > 0 ? value : upper),
    lower,
    upper,
    trials: tallies.length,
  };
}

/** Lower and upper 95 % limit of a Poisson mean, each one-sided (Garwood 1936). */
function poissonInterval(events: number): [number, number] {
  const lower = events === 0 ? 0 : chiSquareQuantile(0.05, 2 * events) / 2;
  return [lower, chiSquareQuantile(0.95, 2 * (events + 1)) / 2];
}
