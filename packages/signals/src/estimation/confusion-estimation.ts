import type { ClassEstimation, Profile } from "@tidemark/schema";
import {
  type ConfusionOutcomes,
  type ConfusionReference,
  createConfusionReference,
  type EstimationReference,
  type EstimationRows,
  estimateConfusion,
  predictOutcomes,
  readConfusion,
  type WindowConfusion,
  type WindowDomain,
} from "@tidemark/stats";
import type { ClassWindow } from "./class-estimator.ts";
import { estimationModel, rowsOfSample } from "./estimation-model.ts";
import { type ClassSample, NO_CLASS, NO_OUTCOME } from "./estimation-sample.ts";
import { bytesOf } from "./packed-values.ts";

const prepared = new WeakMap<EstimationReference, ConfusionReference>();

/** The confusion of a window of several classes before its outcomes come; null where the profile names no classes. */
export function estimatedConfusion(
  profile: Profile,
  sample: ClassSample,
  domain: WindowDomain,
  history: readonly ClassWindow[],
): WindowConfusion | null {
  const reference = confusionReference(profile, sample.features);
  const model = estimationModel(profile, sample.features);
  if (reference === null || model === null || sample.classes === null) return null;
  const { predicted } = sample.classes;
  const places = placesWhere(sample.rows, (i) => predicted[i] !== NO_CLASS);
  if (places.length < 2) return null;
  const right = rightOf(model, rowsOfSample(profile, sample));
  const rows = {
    predicted: places.map((i) => predicted[i]!),
    scores: places.map((i) => sample.scores[i]!),
    right: right === null ? null : Float64Array.from(places, (i) => right[i]!),
  };
  const matured = history.flatMap(({ estimate, matured: known }) =>
    estimate.confusion === undefined || known?.confusion === undefined
      ? []
      : [{ ...known.confusion, estimate: estimate.confusion.metrics }],
  );
  return estimateConfusion(reference, rows, domain, matured);
}

/** What the outcomes of a mature window say of its confusion; null where no row has a named class on both sides. */
export function knownConfusion(profile: Profile, sample: ClassSample): ConfusionOutcomes | null {
  const reference = confusionReference(profile, sample.features);
  if (reference === null || sample.classes === null) return null;
  const { predicted, outcomes } = sample.classes;
  const places = placesWhere(
    sample.rows,
    (i) => sample.outcomes[i] !== NO_OUTCOME && predicted[i] !== NO_CLASS && outcomes[i] !== NO_CLASS,
  );
  if (places.length === 0) return null;
  const rows = { predicted: places.map((i) => predicted[i]!), scores: places.map((i) => sample.scores[i]!) };
  return readConfusion(
    reference,
    rows,
    places.map((i) => outcomes[i]!),
  );
}

function confusionReference(profile: Profile, features: readonly string[]): ConfusionReference | null {
  const model = estimationModel(profile, features);
  const classes = (profile.estimation as ClassEstimation | undefined)?.classes;
  if (model === null || classes === undefined) return null;
  let own = prepared.get(model);
  if (own === undefined) {
    const layout = { classes: classes.names.length, edges: classes.edges };
    own = createConfusionReference(layout, Float64Array.from(classes.counts), {
      predicted: bytesOf(classes.predicted),
      scores: model.rows.scores,
      outcomes: bytesOf(classes.outcomes),
      right: rightOf(model, model.rows),
    });
    prepared.set(model, own);
  }
  return own;
}

function rightOf({ outcomeModel, designEdges }: EstimationReference, rows: EstimationRows): Float64Array | null {
  return outcomeModel === null ? null : predictOutcomes(outcomeModel, rows, designEdges);
}

function placesWhere(count: number, isIn: (i: number) => boolean): number[] {
  return Array.from({ length: count }, (_, i) => i).filter(isIn);
}
