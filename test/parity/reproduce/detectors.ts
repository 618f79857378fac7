import {
  Adwin,
  type ChangeDetector,
  Ddm,
  Eddm,
  Fhddm,
  HddmA,
  HddmW,
  Kswin,
  PageHinkley,
  PythonRandom,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

/** Values between two of river's checkpoints. */
const CHECKPOINT = 250;

/** The indexes at which a detector speaks, and what it holds at river's checkpoints. */
function follow<D extends ChangeDetector>(
  entry: FixtureCase,
  detector: D,
  checkpoint: (detector: D) => readonly number[] = () => [],
) {
  const found = { drift: [] as number[], warning: [] as number[], checkpoints: [] as number[][] };
  (entry.input as unknown as number[]).forEach((value, i) => {
    const { drift, warning } = detector.update(value);
    if (drift) found.drift.push(i);
    if (warning) found.warning.push(i);
    if ((i + 1) % CHECKPOINT === 0) found.checkpoints.push([i, ...checkpoint(detector)]);
  });
  return found;
}

/** The case's parameters in river's names; each detector takes those it knows. */
// biome-ignore lint/suspicious/noExplicitAny: numbers, flags and names by river's own keys
function parameters(entry: FixtureCase): Readonly<Record<string, any>> {
  return entry.args["all_params"] as object;
}

/** river's change detectors, by the indexes at which they speak, and CPython's random sample. */
export const detectors: ReproductionGroup = {
  "river.drift.ADWIN": reproduce((entry) => {
    const { delta, clock, max_buckets, min_window_length, grace_period } = parameters(entry);
    const options = {
      delta,
      clock,
      maxBuckets: max_buckets,
      minWindowLength: min_window_length,
      gracePeriod: grace_period,
      afterDrift: "restart" as const,
    };
    return follow(entry, new Adwin(options), (detector) => {
      const { width, mean, variance, total } = detector.state();
      return [width, mean, variance * width, total];
    });
  }),
  "river.drift.PageHinkley": reproduce((entry) => {
    const { min_instances, delta, threshold, alpha, mode } = parameters(entry);
    return follow(
      entry,
      new PageHinkley({ minInstances: min_instances, delta, threshold, alpha, mode }),
      (detector) => {
        const { sumIncrease, sumDecrease, mean } = detector.state();
        return [sumIncrease, sumDecrease, mean];
      },
    );
  }),
  "river.drift.KSWIN": reproduce((entry) => {
    const { alpha, window_size, stat_size, seed } = parameters(entry);
    const detector = new Kswin({ alpha, windowSize: window_size, statSize: stat_size, seed: seed ?? 0 });
    return follow(entry, detector, () => [detector.pValue ?? 0]);
  }),
  "river.drift.binary.DDM": reproduce((entry) => {
    const { warm_start, warning_threshold, drift_threshold } = parameters(entry);
    const options = { warmStart: warm_start, warningThreshold: warning_threshold, driftThreshold: drift_threshold };
    return follow(entry, new Ddm(options));
  }),
  "river.drift.binary.EDDM": reproduce((entry) => {
    const { warm_start, alpha, beta } = parameters(entry);
    return follow(entry, new Eddm({ warmStart: warm_start, warningShare: alpha, driftShare: beta }));
  }),
  "river.drift.binary.HDDMA": reproduce((entry) => {
    const { drift_confidence, warning_confidence, two_sided_test } = parameters(entry);
    const options = {
      driftConfidence: drift_confidence,
      warningConfidence: warning_confidence,
      twoSided: two_sided_test,
    };
    return follow(entry, new HddmA(options));
  }),
  "river.drift.binary.HDDMW": reproduce((entry) => {
    const { drift_confidence, warning_confidence, lambda_val, two_sided_test } = parameters(entry);
    const confidences = { driftConfidence: drift_confidence, warningConfidence: warning_confidence };
    return follow(entry, new HddmW({ ...confidences, weight: lambda_val, twoSided: two_sided_test }));
  }),
  "river.drift.binary.FHDDM": reproduce((entry) => {
    const { sliding_window_size, confidence_level, short_window_size } = parameters(entry);
    const short = short_window_size === null ? {} : { shortWindowSize: short_window_size };
    return follow(entry, new Fhddm({ windowSize: sliding_window_size, confidence: confidence_level, ...short }));
  }),
  "CPython 3.11.7 random.Random": reproduce((entry) => {
    const { seed, n = 70, k = 30, calls } = entry.args as { seed: number; n?: number; k?: number; calls: number[][] };
    const random = new PythonRandom(seed);
    return { ...entry.args, calls: calls.map(() => random.sample(n, k)) };
  }),
};
