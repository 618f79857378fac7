import type { SeededRandom } from "../detection/seeded-random.ts";

/** Paired differences of two equally good models, a minute at a time, cut to [-cap, cap]; their mean after the cut is 0. */
export interface DifferenceStream {
  readonly name: string;
  readonly cap: number;
  /** A true difference that is worth finding, about 0.15 standard deviations. */
  readonly effect: number;
  /** A fresh month: gives the next row. `minute` counts from 0. */
  open(random: SeededRandom): (minute: number) => number;
}

export const ROWS_A_MINUTE = 10;
export const MINUTES = 30 * 24 * 60;

const DAY_MINUTES = 1_440;
const PARETO_CUT = 1_000 ** 0.4;
/** E[min(X, cut)] of a Pareto variable with exponent 2.5 and scale 1. */
const PARETO_MEAN = 5 / 3 - PARETO_CUT ** -1.5 / 1.5;

/** Caps are the 99.9 % quantile of the absolute difference, or the range where there is one. */
export const differenceStreams: readonly DifferenceStream[] = [
  {
    name: "zero-one loss, 30 % discordant",
    cap: 1,
    effect: 0.05,
    open: (random) => () => {
      const u = random.uniform();
      return u < 0.15 ? -1 : u < 0.3 ? 1 : 0;
    },
  },
  {
    name: "Brier-like, u1^2 - u2^2",
    cap: 1,
    effect: 0.05,
    open: (random) => () => random.uniform() ** 2 - random.uniform() ** 2,
  },
  { name: "Student t, 3 degrees", cap: 12.9, effect: 0.25, open: (random) => () => studentT3(random) },
  {
    name: "one-sided Pareto, 2.5",
    cap: PARETO_CUT - PARETO_MEAN,
    effect: 0.2,
    open: (random) => () => Math.min(random.uniform() ** -0.4, PARETO_CUT) - PARETO_MEAN,
  },
  { name: "AR(1) 0.5 a row", cap: 3.29, effect: 0.15, open: autoregressive(0.5, (random) => random.normal()) },
  { name: "AR(1) 0.99 a row", cap: 3.29, effect: 0.15, open: autoregressive(0.99, (random) => random.normal()) },
  {
    name: "AR(1) 0.9 a row, t3 innovations",
    cap: 8,
    effect: 0.15,
    open: autoregressive(0.9, (random) => studentT3(random) / Math.sqrt(3)),
  },
  {
    name: "daily cycle of half a standard deviation",
    cap: 3.7,
    effect: 0.15,
    open: (random) => (minute) => random.normal() + 0.5 * Math.sin((2 * Math.PI * minute) / DAY_MINUTES),
  },
];

function studentT3(random: SeededRandom): number {
  const squares = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
  return random.normal() / Math.sqrt(squares / 3);
}

/** Rows of unit variance (where the innovations have it), each correlated with the one before. */
function autoregressive(weight: number, innovation: (random: SeededRandom) => number): DifferenceStream["open"] {
  const scale = Math.sqrt(1 - weight ** 2);
  return (random) => {
    let value = innovation(random);
    return () => {
      value = weight * value + scale * innovation(random);
      return value;
    };
  };
}
