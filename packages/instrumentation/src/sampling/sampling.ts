import type { ClassLabel } from "../record/label-text.ts";
import { describeValue } from "../safety/warn.ts";

/** Predictions that are kept with a probability of their own. All conditions that are given must hold. */
export interface Stratum {
  /** Predicted class: a rare one. */
  readonly label?: ClassLabel;
  /** Values of declared segments. */
  readonly segment?: Readonly<Record<string, string>>;
  /** Scores from the first to the second, both included: [0.4, 0.6] for the uncertain ones of a probability. */
  readonly scoreBetween?: readonly [lowest: number, highest: number];
  /** In (0, 1]. */
  readonly probability: number;
}

/** Which predictions have events. Every event says its inclusion probability, so that each statistic stays unbiased. */
export interface Sampling {
  /** Of each prediction that is in no stratum, in (0, 1]; 1 unless given. */
  readonly probability?: number | undefined;
  /** What decides: the prediction's id, or its trace, so that all models of a request are kept together. */
  readonly by?: "id" | "trace" | undefined;
  /** The first that a prediction is in gives its probability. */
  readonly strata?: readonly Stratum[] | undefined;
  /** Of what is kept so far, a random sample of at most `size` in each interval: bounds the rate whatever the traffic. */
  readonly reservoir?: { readonly size: number; readonly intervalMs?: number } | undefined;
}

/** Sampling after defaults. */
export interface SamplingPlan {
  readonly probability: number;
  readonly isByTrace: boolean;
  readonly strata: readonly Stratum[];
  readonly reservoir: { readonly size: number; readonly intervalMs: number } | null;
}

const DEFAULT_INTERVAL_MS = 10_000;
const MAX_RESERVOIR = 100_000;

/** Reads sampling options. What is unusable is left out and named in a problem: more is then kept, never less. */
export function planSampling(given: Sampling | undefined): {
  readonly plan: SamplingPlan;
  readonly problems: string[];
} {
  const problems: string[] = [];
  const { probability = 1, by = "id", strata = [], reservoir } = given ?? {};
  if (!isProbability(probability)) {
    problems.push(`option sampling.probability is ${describeValue(probability)}, which is out of range; 1 is used`);
  }
  if (by !== "id" && by !== "trace") {
    problems.push(`option sampling.by is ${describeValue(by)}, expected "id" or "trace"; "id" is used`);
  }
  const plan = {
    probability: isProbability(probability) ? probability : 1,
    isByTrace: by === "trace",
    strata: readStrata(strata, problems),
    reservoir: readReservoir(reservoir, problems),
  };
  return { plan, problems };
}

/** An unusable stratum keeps all of it, so that no statistic silently lacks what somebody asked for. */
function readStrata(strata: unknown, problems: string[]): readonly Stratum[] {
  if (!Array.isArray(strata)) {
    problems.push(`option sampling.strata is ${describeValue(strata)}, expected a list; none is used`);
    return [];
  }
  return strata.map((stratum: Stratum, index) => {
    if (isProbability(stratum?.probability)) return stratum;
    problems.push(
      `option sampling.strata[${index}].probability is ${describeValue(stratum?.probability)}, which is out of range; 1 is used`,
    );
    return { ...stratum, probability: 1 };
  });
}

function readReservoir(reservoir: Sampling["reservoir"], problems: string[]): SamplingPlan["reservoir"] {
  if (reservoir === undefined) return null;
  const { size, intervalMs = DEFAULT_INTERVAL_MS } = reservoir ?? {};
  const isUsable = Number.isInteger(size) && size >= 1 && size <= MAX_RESERVOIR && intervalMs >= 1;
  if (isUsable) return { size, intervalMs };
  problems.push(
    `option sampling.reservoir is { size: ${describeValue(size)}, intervalMs: ${describeValue(intervalMs)} }, ` +
      `expected a size from 1 to ${MAX_RESERVOIR} and an interval of 1 or more; none is used`,
  );
  return null;
}

function isProbability(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= 1;
}
