import type { BinKind } from "@tidemark/stats";
import type { SeededRandom } from "./seeded-random.ts";

/** One kind of feature. Rows follow each other in time. */
export interface Stream {
  readonly name: string;
  readonly kind: BinKind;
  /** Phases that a season can be cut into, each with a reference of its own; the finest that the reference has rows for. */
  readonly phases?: readonly number[];
  /** A fresh replicate: gives the next row's value (categories by number). `position` is the place in the season, [0, 1). */
  open(random: SeededRandom): (position: number) => number;
}

/** A stable stream and what it turns into. */
export interface Drift {
  readonly name: string;
  readonly before: Stream;
  readonly after: Stream;
  /** KL divergence of a row after from a row before, nats, where Lorden's bound is quoted. */
  readonly divergence?: number;
}

const SHARES = [0.4, 0.3, 0.15, 0.1, 0.05] as const;
const SHARES_TV_5 = [0.35, 0.3, 0.17, 0.12, 0.06] as const;
const SHARES_TV_10 = [0.3, 0.3, 0.19, 0.14, 0.07] as const;
/** Categories of `categorical`. */
export const CATEGORIES = SHARES.length;
const AUTOCORRELATION = 0.6;
const MEAN_BURST_ROWS = 10;

const normal = shifted("normal", 0, 1);
const heavyTail = numeric("t2", studentT2);
const categorical5 = categorical("categorical5", SHARES);
/** The peers' season: a day of five windows. */
const seasonal: Stream = {
  name: "seasonal",
  kind: "numeric",
  phases: [5, 10, 20],
  open: (random) => (position) => random.normal() + Math.sin(2 * Math.PI * position),
};

/** AR(1) rows of unit variance, each correlated by 0.6 with the one before. */
const autoregressive: Stream = {
  name: "ar0.6",
  kind: "numeric",
  open: (random) => {
    const noise = Math.sqrt(1 - AUTOCORRELATION ** 2);
    let value = random.normal();
    return () => {
      value = AUTOCORRELATION * value + noise * random.normal();
      return value;
    };
  },
};

/** Every value repeated, a geometric number of times with mean 10. */
const bursts: Stream = {
  name: "burst10",
  kind: "numeric",
  open: (random) => {
    let value = random.normal();
    return () => {
      if (random.uniform() < 1 / MEAN_BURST_ROWS) value = random.normal();
      return value;
    };
  },
};

/** Nothing ever happens in these. */
export const STABLE_STREAMS: readonly Stream[] = [
  normal,
  numeric("lognormal", (random) => Math.exp(random.normal())),
  heavyTail,
  categorical5,
  seasonal,
  autoregressive,
  bursts,
];

export const DRIFTS: readonly Drift[] = [
  ...[0.1, 0.25, 0.5, 1].map((shift) => ({
    name: `shift ${shift} sd`,
    before: normal,
    after: shifted(`normal + ${shift}`, shift, 1),
    divergence: shift ** 2 / 2,
  })),
  { name: "variance x1.5", before: normal, after: shifted("normal x1.22", 0, Math.sqrt(1.5)) },
  { name: "t2 + 0.5", before: heavyTail, after: numeric("t2 + 0.5", (random) => studentT2(random) + 0.5) },
  { name: "TV 0.05", before: categorical5, after: categorical("TV 0.05", SHARES_TV_5) },
  { name: "TV 0.10", before: categorical5, after: categorical("TV 0.10", SHARES_TV_10) },
];

function numeric(name: string, draw: (random: SeededRandom) => number): Stream {
  return { name, kind: "numeric", open: (random) => () => draw(random) };
}

function shifted(name: string, mean: number, spread: number): Stream {
  return numeric(name, (random) => mean + spread * random.normal());
}

function categorical(name: string, shares: readonly number[]): Stream {
  const upTo = shares.map((_, last) => shares.slice(0, last + 1).reduce((sum, share) => sum + share, 0));
  const draw = (random: SeededRandom) => {
    const at = random.uniform();
    let category = 0;
    while (category < upTo.length - 1 && at >= upTo[category]!) category += 1;
    return category;
  };
  return { name, kind: "categorical", open: (random) => () => draw(random) };
}

/** Student's t with 2 degrees of freedom: a normal over the root of a standard exponential. */
function studentT2(random: SeededRandom): number {
  return random.normal() / Math.sqrt(-Math.log(random.uniform()));
}
