import { labelText } from "../record/label-text.ts";
import type { Prediction } from "../record/record-types.ts";
import type { SamplingPlan, Stratum } from "./sampling.ts";

/** The probability of the first stratum that a prediction is in, else that of the rest. */
export function inclusionProbability(
  { strata, probability }: SamplingPlan,
  prediction: Prediction,
  segments: Readonly<Record<string, string>>,
): number {
  for (const stratum of strata) if (isIn(stratum, prediction, segments)) return stratum.probability;
  return probability;
}

function isIn(
  { label, segment, scoreBetween }: Stratum,
  prediction: Prediction,
  segments: Readonly<Record<string, string>>,
): boolean {
  if (label !== undefined && labelText(prediction.label) !== `${label}`) return false;
  if (scoreBetween !== undefined) {
    const { score } = prediction;
    if (typeof score !== "number" || !(score >= scoreBetween[0] && score <= scoreBetween[1])) return false;
  }
  for (const name in segment) if (segments[name] !== segment[name]) return false;
  return true;
}
