import { ewmaChart, individualsChart } from "@tidemark/stats";

/** `jump`: a single value outside its limits. `slow_drift`: the moving average outside, while no single value is. */
export type ControlState = "learning" | "in_control" | "jump" | "slow_drift";

export interface ControlPoint {
  readonly value: number;
  /** Exponentially weighted average of the values after the learning phase; null in it. */
  readonly average: number | null;
  readonly state: ControlState;
}

export interface ControlChart {
  readonly center: number;
  readonly lower: number;
  readonly upper: number;
  /** Limits that the average tends to. */
  readonly averageLower: number;
  readonly averageUpper: number;
  /** Values that the limits were learned from, the first of the series. */
  readonly learnedFrom: number;
  readonly points: readonly ControlPoint[];
}

/** Values that limits are learned from, where there are twice as many; fewer say too little of their spread. */
const LEARNING = 20;
const LEAST_LEARNING = 8;

/**
 * A control chart of any series of measurements: limits at three standard deviations, learned from the first twenty values (the first
 * half of a shorter series) by their moving ranges, which a trend hardly widens; a jump is a single value outside, a slow drift an
 * exponentially weighted average (weight 0.2) outside. After a jump the average begins anew, so that it is not told twice.
 * With exact limits a value in control is falsely called once in 370 (jump) and once in 500 (drift) windows. Limits that are learned are
 * often too narrow: simulated on normal independent values, some value is out of control once in 16 windows after learning from
 * 8, once in 25 from 12, once in 39 from 20 and once in 84 from 50.
 *
 * @param values in order of time.
 * @param learnedFrom values that limits are learned from, where it shall stay the same while the series grows.
 * @returns null with fewer than sixteen values or none after those learned from, or where those do not vary.
 */
export function controlChart(
  values: readonly number[],
  learnedFrom: number = Math.min(LEARNING, Math.floor(values.length / 2)),
): ControlChart | null {
  if (learnedFrom < LEAST_LEARNING || values.length <= learnedFrom) return null;
  const { individuals, sigma } = individualsChart(values.slice(0, learnedFrom));
  if (!(sigma > 0)) return null;
  const { center } = individuals;
  const [lower, upper] = [center - 3 * sigma, center + 3 * sigma];
  const learned = values.slice(0, learnedFrom).map((value) => ({ value, average: null, state: "learning" as const }));
  const points: ControlPoint[] = [...learned];
  let calm: number[] = [];
  const addCalm = () => {
    const { values: averages, outside } = ewmaChart(calm, { mean: center, sigma });
    const drifted = new Set(outside);
    for (const [index, value] of calm.entries()) {
      points.push({ value, average: averages[index]!, state: drifted.has(index) ? "slow_drift" : "in_control" });
    }
    calm = [];
  };
  for (const value of values.slice(learnedFrom)) {
    if (value >= lower && value <= upper) {
      calm.push(value);
    } else {
      addCalm();
      points.push({ value, average: center, state: "jump" });
    }
  }
  addCalm();
  // weight 0.2: the average's standard deviation tends to sigma / 3.
  const reach = (2.962 * sigma) / 3;
  return { center, lower, upper, averageLower: center - reach, averageUpper: center + reach, learnedFrom, points };
}
