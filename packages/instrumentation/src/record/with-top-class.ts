import { MAX_PROBABILITY_CLASSES } from "@tidemark/semconv";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import type { Prediction } from "./record-types.ts";

/** Two classes have a positive one, whose probability the score is: only the service knows which. */
const LEAST_SCORED = 3;

/**
 * A prediction with probabilities of classes (a function that gives them stays one where there are label and score), copied, so that nobody changes them before they are sent; the most probable class (of equal
 * ones the first) is its label where it has none, and of three classes or more its probability the score. Probabilities that cannot be read are counted as
 * `invalid_field` and left out. Whether they sum to one is not asked here: the processor counts it, and the report says so.
 */
export function withTopClass<P extends Prediction>(prediction: P, drops: DropCounter): P {
  const asked = prediction.probabilities;
  if (asked === undefined || asked === null) return prediction;
  const isWhole = (prediction.label ?? null) !== null && (prediction.score ?? null) !== null;
  if (typeof asked === "function" && isWhole) return prediction;
  const given: unknown = typeof asked === "function" ? asked() : asked;
  const probabilities = readProbabilities(given);
  if (probabilities === null) {
    drops.add(
      "invalid_field",
      () =>
        `probabilities is ${describeValue(given)}, expected numbers by class, of at most ${MAX_PROBABILITY_CLASSES} classes`,
    );
    return { ...prediction, probabilities: undefined };
  }
  const classes = Object.keys(probabilities);
  const top = classes.reduce((best, name) => (probabilities[name]! > probabilities[best]! ? name : best));
  const label = prediction.label ?? top;
  const own = classes.length < LEAST_SCORED ? undefined : probabilities[`${label}`];
  return { ...prediction, probabilities, label, score: prediction.score ?? own };
}

function readProbabilities(given: unknown): Record<string, number> | null {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return null;
  const entries = Object.entries(given);
  const isReadable =
    entries.length > 0 &&
    entries.length <= MAX_PROBABILITY_CLASSES &&
    entries.every(([, each]) => typeof each === "number" && Number.isFinite(each));
  return isReadable ? Object.fromEntries(entries) : null;
}
