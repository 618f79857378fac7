import type { SeededRandom } from "../detection/seeded-random.ts";

/** Losses of a model's rows by value of a segment; the values differ in how hard they are. */
export interface LossWorld {
  readonly name: string;
  readonly loss: "zero_one" | "brier" | "absolute_error";
  /** Losses are cut to it. */
  readonly cap: number;
  /** What is added to the loss's mean where a segment is harmed, in the unit of the loss, by name. */
  readonly harms: readonly number[];
  /**
   * A fresh half year, a day at a time: gives the luck of the next day, and a row's loss under it.
   * `harm` is what is added to the mean.
   */
  open(random: SeededRandom): { nextDay(): void; lossOf(segment: number, harm: number): number };
}

export const SEGMENTS = 10;

const PARETO_CAP = 40;

export const lossWorlds: readonly LossWorld[] = [
  {
    ...{ name: "right or wrong, independent", loss: "zero_one", cap: 1, harms: [0.05, 0.1] },
    open: (random) => ({
      nextDay: () => undefined,
      lossOf: (segment, harm) => (random.uniform() < errorOf(segment) + harm ? 1 : 0),
    }),
  },
  {
    ...{ name: "right or wrong, lucky and unlucky days (AR 0.7)", loss: "zero_one", cap: 1, harms: [0.05, 0.1] },
    open(random) {
      const day = luckOf(random, 0.7);
      return {
        nextDay: day.next,
        // On the scale of the error's logit, so that it stays an error.
        lossOf: (segment, harm) => (random.uniform() < moved(errorOf(segment), 0.3 * day.of(segment)) + harm ? 1 : 0),
      };
    },
  },
  {
    ...{
      name: "absolute error, one-sided Pareto with exponent 2.5",
      loss: "absolute_error",
      cap: PARETO_CAP,
      harms: [0.1, 0.2],
    },
    open: (random) => ({
      nextDay: () => undefined,
      lossOf: (segment, harm) =>
        Math.min(PARETO_CAP, scaleOf(segment) * (1 + (harm * 3) / 5) * random.uniform() ** -0.4),
    }),
  },
  {
    ...{ name: "absolute error, Pareto 2.5, days AR 0.7", loss: "absolute_error", cap: PARETO_CAP, harms: [0.1, 0.2] },
    open(random) {
      const day = luckOf(random, 0.7);
      return {
        nextDay: day.next,
        lossOf: (segment, harm) =>
          Math.min(
            PARETO_CAP,
            scaleOf(segment) * (1 + (harm * 3) / 5) * Math.exp(0.15 * day.of(segment)) * random.uniform() ** -0.4,
          ),
      };
    },
  },
];

/** Errors from 11 to 29 %, 20 % on the average. */
function errorOf(segment: number): number {
  return 0.11 + 0.02 * segment;
}

function scaleOf(segment: number): number {
  return 0.6 + 0.08 * segment;
}

function moved(share: number, by: number): number {
  return 1 / (1 + ((1 - share) / share) * Math.exp(-by));
}

/** Standard normal luck by day, half of it shared by all segments, that lasts: AR(1) from day to day. */
function luckOf(random: SeededRandom, persistence: number) {
  const state = Float64Array.from({ length: SEGMENTS + 1 }, () => random.normal());
  const innovation = Math.sqrt(1 - persistence ** 2);
  return {
    next() {
      for (let i = 0; i < state.length; i++) state[i] = persistence * state[i]! + innovation * random.normal();
    },
    of: (segment: number) => Math.SQRT1_2 * (state[SEGMENTS]! + state[segment]!),
  };
}
