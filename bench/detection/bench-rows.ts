import type { BenchResult, BenchSize } from "../bench-result.ts";
import type { DetectionRun } from "./detection-run.ts";
import { knownShiftDelay } from "./known-shift-delay.ts";
import { lordenBoundRows } from "./lorden-bound.ts";
import { ADWIN_ROWS } from "./peer-numbers.ts";
import { type Group, proportionOf } from "./proportion.ts";
import { BUDGET_LOOKS, countFalseAlarms, type Delays, measureDelays, rowsLabel, type StreamPlan } from "./read-rows.ts";
import { DRIFTS, type Drift, STABLE_STREAMS, type Stream } from "./streams.ts";

const PLANS: Readonly<Record<BenchSize, Omit<StreamPlan, "rowsALook">>> = {
  quick: { streams: 3, stableRows: 2_000 },
  default: { streams: 30, stableRows: 20_000 },
  full: { streams: 100, stableRows: 20_000 },
};
/** Row by row, which the targets are about, and as a stream with some rows a minute is read. */
const ROWS_A_LOOK = [1, 30] as const;
const LARGEST_BOUND_MULTIPLE = 1.35;
/** Asked for without a bound. */
const TARGET_ROWS: Readonly<Record<string, number>> = { "variance x1.5": 350 };

/** The continuous verdict: false alarms, and delays beside Lorden's bound, a detector that knows the shift, and ADWIN. */
export function benchRows({ size, seed, shares }: DetectionRun): BenchResult[] {
  return ROWS_A_LOOK.flatMap((rowsALook) => {
    // As many looks without a change, whatever their rows; delays after as many rows.
    const delayPlan = { ...PLANS[size], rowsALook };
    const stablePlan = { ...delayPlan, stableRows: rowsALook * delayPlan.stableRows };
    const label = rowsLabel(rowsALook);
    console.log(
      `\n${rowsALook} ${rowsALook === 1 ? "row" : "rows"} a look, a budget of one false alarm in ${BUDGET_LOOKS} looks, reference 20,000: false alarms per 100,000 looks`,
    );
    const stable = STABLE_STREAMS.map((stream) =>
      stableResult(
        stream,
        rowsALook,
        shares.run(`${label} stable ${stream.name}`, () => countFalseAlarms(stream, stablePlan, seed)),
      ),
    );
    console.log(`\n${rowsALook} ${rowsALook === 1 ? "row" : "rows"} a look: median delay in rows`);
    const drifted = DRIFTS.map((drift) =>
      delayResult(
        drift,
        rowsALook,
        shares.run(`${label} drift ${drift.name}`, () => measureDelays(drift, delayPlan, seed)),
      ),
    );
    return [...stable, ...drifted];
  });
}

function stableResult(stream: Stream, rowsALook: number, groups: readonly Group[]): BenchResult {
  const { rate, events: alarms, trials: looks, ...interval } = proportionOf(groups, "trials");
  const [value, lower, upper] = [1e5 * rate, 1e5 * interval.lower, 1e5 * interval.upper];
  const adwin = rowsALook === 1 ? ADWIN_ROWS.falsePerHundredThousand[stream.name] : undefined;
  console.log(
    `${stream.name.padEnd(14)} ${value.toFixed(2)} [${lower.toFixed(2)}, ${upper.toFixed(2)}]: ${alarms} in ${looks} looks` +
      `${adwin === undefined ? "" : ` | ADWIN ${adwin}`}`,
  );
  return {
    name: `false alarms, ${rowsLabel(rowsALook)}, ${stream.name}`,
    value,
    unit: "per 100,000 looks",
    against: "target: at most 1",
    ratio: 1 / (alarms > 0 ? value : upper),
    lower,
    upper,
    trials: looks,
  };
}

function delayResult(drift: Drift, rowsALook: number, delays: Delays): BenchResult {
  const { medianRows, lowerRows, upperRows, found, streams } = delays;
  // A look is one observation that diverges by all its rows: ln(looks) / KL is the bound in rows for any number of them.
  const bound = drift.divergence === undefined ? undefined : lordenBoundRows(BUDGET_LOOKS, drift.divergence);
  const aimed = bound === undefined ? TARGET_ROWS[drift.name] : LARGEST_BOUND_MULTIPLE * bound;
  const target = rowsALook === 1 ? aimed : undefined;
  const known =
    drift.divergence === undefined
      ? ""
      : ` | knowing the shift ${knownShiftDelay(Math.sqrt(2 * drift.divergence), BUDGET_LOOKS, rowsALook)}`;
  const multiple = bound === undefined || medianRows === null ? "" : `, ${(medianRows / bound).toFixed(2)} x bound`;
  console.log(
    `${drift.name.padEnd(14)} ${medianRows ?? "not found"} [${lowerRows ?? "-"}, ${upperRows ?? "-"}]${multiple}, found ${found} of ${streams}` +
      `${known}${rowsALook === 1 ? ` | ADWIN ${ADWIN_ROWS.medianDelayRows[drift.name]}` : ""}`,
  );
  return {
    name: `median delay, ${rowsLabel(rowsALook)}, ${drift.name}`,
    value: medianRows ?? Number.MAX_VALUE,
    unit: "rows",
    against: target === undefined ? null : `target: at most ${Math.round(target)}`,
    ratio: target === undefined || medianRows === null ? null : target / medianRows,
    ...(lowerRows !== null && { lower: lowerRows }),
    ...(upperRows !== null && { upper: upperRows }),
    trials: streams,
  };
}
