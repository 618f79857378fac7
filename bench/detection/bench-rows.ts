import type { BenchResult, BenchSize } from "../bench-result.ts";
import type { DetectionRun } from "./detection-run.ts";
import { lordenBoundRows } from "./lorden-bound.ts";
import { ADWIN_ROWS } from "./peer-numbers.ts";
import { type Group, proportionOf } from "./proportion.ts";
import { BUDGET_ROWS, countFalseAlarms, type Delays, measureDelays, type StreamPlan } from "./read-rows.ts";
import { DRIFTS, type Drift, STABLE_STREAMS, type Stream } from "./streams.ts";

const PLANS: Readonly<Record<BenchSize, StreamPlan>> = {
  quick: { streams: 3, stableRows: 2_000 },
  default: { streams: 30, stableRows: 20_000 },
  full: { streams: 100, stableRows: 20_000 },
};
const LARGEST_BOUND_MULTIPLE = 1.35;
/** Asked for without a bound. */
const TARGET_ROWS: Readonly<Record<string, number>> = { "variance x1.5": 350 };

/** The continuous verdict, one row a look: false alarms, and delays beside Lorden's bound and ADWIN. */
export function benchRows({ size, seed, shares }: DetectionRun): BenchResult[] {
  const plan = PLANS[size];
  console.log(
    `\nRow by row, a budget of one false alarm in ${BUDGET_ROWS} rows, reference 20,000: false alarms per 100,000 rows`,
  );
  const stable = STABLE_STREAMS.map((stream) =>
    stableResult(
      stream,
      shares.run(`rows stable ${stream.name}`, () => countFalseAlarms(stream, plan, seed)),
    ),
  );
  console.log("\nRow by row: median delay in rows");
  const drifted = DRIFTS.map((drift) =>
    delayResult(
      drift,
      shares.run(`rows drift ${drift.name}`, () => measureDelays(drift, plan, seed)),
    ),
  );
  return [...stable, ...drifted];
}

function stableResult(stream: Stream, groups: readonly Group[]): BenchResult {
  const { rate, events: alarms, trials: rows, ...interval } = proportionOf(groups, "trials");
  const [value, lower, upper] = [1e5 * rate, 1e5 * interval.lower, 1e5 * interval.upper];
  const adwin = ADWIN_ROWS.falsePerHundredThousand[stream.name];
  console.log(
    `${stream.name.padEnd(14)} ${value.toFixed(2)} [${lower.toFixed(2)}, ${upper.toFixed(2)}]: ${alarms} in ${rows} rows` +
      `${adwin === undefined ? "" : ` | ADWIN ${adwin}`}`,
  );
  return {
    name: `false alarms row by row, ${stream.name}`,
    value,
    unit: "per 100,000 rows",
    against: "target: at most 1",
    ratio: 1 / (alarms > 0 ? value : upper),
    lower,
    upper,
    trials: rows,
  };
}

function delayResult(drift: Drift, { medianRows, lowerRows, upperRows, found, streams }: Delays): BenchResult {
  const bound = drift.divergence === undefined ? undefined : lordenBoundRows(BUDGET_ROWS, drift.divergence);
  const target = bound === undefined ? TARGET_ROWS[drift.name] : LARGEST_BOUND_MULTIPLE * bound;
  const multiple = bound === undefined || medianRows === null ? "" : `, ${(medianRows / bound).toFixed(2)} x bound`;
  console.log(
    `${drift.name.padEnd(14)} ${medianRows ?? "not found"} [${lowerRows ?? "-"}, ${upperRows ?? "-"}]${multiple}, found ${found} of ${streams} | ` +
      `ADWIN ${ADWIN_ROWS.medianDelayRows[drift.name]}`,
  );
  return {
    name: `median delay row by row, ${drift.name}`,
    value: medianRows ?? Number.MAX_VALUE,
    unit: "rows",
    against: target === undefined ? null : `target: at most ${Math.round(target)}`,
    ratio: target === undefined || medianRows === null ? null : target / medianRows,
    ...(lowerRows !== null && { lower: lowerRows }),
    ...(upperRows !== null && { upper: upperRows }),
    trials: streams,
  };
}
