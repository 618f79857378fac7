import type { Profile, Target } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { judgeSlices, normalQuantile, type SlicesVerdict } from "@tidemark/stats";
import { unjudged } from "../drift/severity.ts";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding, JudgeContext, MultivariateCounts, WindowAggregate } from "../window-aggregate.ts";
import { directionName, ERROR_NAME } from "./direction-name.ts";
import { largestChange } from "./largest-change.ts";
import { type CountedDirection, referenceSize, sliceReference, sliceSpread } from "./slice-reference.ts";
import { slicesFindings } from "./slices-findings.ts";

/** All features together. */
export const MULTIVARIATE: Target = { kind: "dataset", name: "multivariate" };

/**
 * Has the joint distribution of the features changed? Also where no single one did: a correlation that broke, values that swapped.
 *
 * `ml.drift.severity` and `ml.drift.evidence` of the target `multivariate`: the mean of the e-values along the profile's directions and
 * of the reconstruction error, which is an e-value whatever their dependence, so at most 1 of 1,000 stable windows is critical
 * (e >= 1000); a warning at e >= 200. `ml.drift.reconstruction_error`: its mean with a 95 % interval.
 *
 * Directions along a feature that is ignored, or that no row names, are left out.
 */
export function multivariateFindings(aggregate: WindowAggregate, context: JudgeContext): Finding[] {
  const { multivariate: counts, window } = aggregate;
  const reference = context.profile.multivariate;
  if (counts === undefined || reference === undefined) return [];
  const without = new Set([...context.config.drift.ignore, ...counts.absent]);
  const isUsed = reference.features.map((name) => !without.has(name));
  const directions = directionsOf(reference, counts, isUsed);
  if (directions.length === 0) {
    const note = `no direction is left without ${[...without].join(", ")}`;
    return [unjudged(MULTIVARIATE, "insufficient_data", note, counts.rows)];
  }
  const windowMs = window.endMs - window.startMs;
  const size = referenceSize(context.profile, counts);
  const verdict = judgeSlices(
    { slices: directions.map(({ counted }) => ({ reference: sliceReference(counted, size) })) },
    directions.map((direction) => direction.counts),
    (slice) => sliceSpread(directions[slice]!.counted, windowMs),
  );
  const strongest = directions[verdict.strongest]!;
  const isWhole = isUsed.every(Boolean);
  const error = isWhole ? [errorFinding(reference.errors, counts, windowMs)] : [];
  const { rows } = counts;
  if (verdict.state === "insufficient_data") {
    return [unjudged(MULTIVARIATE, "insufficient_data", "too few rows for a verdict", rows), ...error];
  }
  const note = noteOf(verdict, strongest.name, reference, counts, isUsed);
  return [...slicesFindings({ target: MULTIVARIATE, verdict, note, numbers: {} }), ...error];
}

interface JudgedDirection {
  readonly name: string;
  readonly counted: CountedDirection;
  readonly counts: readonly number[];
}

function directionsOf(
  { features, errors, slices }: NonNullable<Profile["multivariate"]>,
  counts: MultivariateCounts,
  isUsed: readonly boolean[],
): JudgedDirection[] {
  const own = slices.flatMap((slice, index): JudgedDirection[] => {
    if (slice.direction.some((weight, j) => weight !== 0 && !isUsed[j])) return [];
    return [{ name: directionName(features, slice.direction), counted: slice, counts: counts.slices[index]! }];
  });
  if (!isUsed.every(Boolean)) return own;
  return [{ name: ERROR_NAME, counted: errors, counts: counts.errors.counts }, ...own];
}

function errorFinding(
  errors: NonNullable<Profile["multivariate"]>["errors"],
  { rows, errors: { mean, standardDeviation } }: MultivariateCounts,
  windowMs: number,
): Finding {
  const { variance } = sliceSpread(errors, windowMs);
  const reach = normalQuantile(0.975) * standardDeviation * Math.sqrt(variance[0] / rows);
  return createFinding({
    target: MULTIVARIATE,
    metric: metric.driftReconstructionError,
    value: mean,
    lower: Math.max(0, mean - reach),
    upper: mean + reach,
    evidence: {
      numbers: { reference: errors.mean, referenceDeviation: errors.standardDeviation },
      note: "distance from the reconstruction by the reference's principal components, in standard deviations",
      bins: null,
    },
    count: rows,
  });
}

function noteOf(
  { state }: SlicesVerdict,
  strongest: string,
  reference: NonNullable<Profile["multivariate"]>,
  counts: MultivariateCounts,
  isUsed: readonly boolean[],
): string {
  if (state === "ok") return "";
  const change = largestChange(reference, counts, isUsed);
  const pair =
    change === null
      ? "no correlation of two features changed much"
      : `${change.names.join(" and ")} had a correlation of ${numberText(change.reference)}, now ${numberText(change.window)}`;
  return `changed most ${strongest}; ${pair}`;
}
