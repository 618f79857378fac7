import { MAX_JOINT_FEATURES, type Profile, type ProfileField } from "@tidemark/schema";
import { type CountedSlices, type PcaReconstruction, seededUniform } from "@tidemark/stats";
import { totalOf } from "../field-of.ts";
import { featureScorer } from "./feature-scores.ts";

/** What rows are placed by in the joint distribution of a profile's features. */
export interface MultivariateModel {
  /** The features, in the order of the dimensions. */
  readonly fields: readonly ProfileField[];
  readonly pca: Pick<PcaReconstruction, "scale" | "components">;
  readonly slices: CountedSlices;
}

/** Values of one row by feature, as fine bins; -1 where it has none. */
export interface BinnedRow {
  /** Season slot; 0 without a season. */
  readonly slot: number;
  readonly bins: ArrayLike<number>;
  /** A whole number below 2^32 that is the row's own, such as a hash of its id: it says where in their bins its values stand. */
  readonly seed: number;
}

const models = new WeakMap<Profile, MultivariateModel>();

/** The profile's own model, built once; null where it has none. */
export function multivariateModel(profile: Profile): MultivariateModel | null {
  const { multivariate } = profile;
  if (multivariate === undefined) return null;
  let model = models.get(profile);
  if (model === undefined) {
    const byName = new Map(jointFields(profile.fields).map((field) => [field.name, field]));
    const scale = {
      means: Float64Array.from(multivariate.scale.means),
      deviations: Float64Array.from(multivariate.scale.deviations),
    };
    const slices = multivariate.slices.map(({ direction, boundaries }) => ({
      direction: Float64Array.from(direction),
      boundaries,
    }));
    model = {
      fields: multivariate.features.map((name) => byName.get(name)!),
      pca: { scale, components: multivariate.components.map((component) => Float64Array.from(component)) },
      slices: { scale, slices },
    };
    models.set(profile, model);
  }
  return model;
}

/** Of a feature's rows, those of categories too rare to stand alone: beyond, its place among the others says nothing. */
const MOST_OTHERS = 0.9;

/**
 * Features that take at least two bins, and are not all but names of rows; of more than 64 the most important ones, else the first.
 * In the profile's order.
 */
export function jointFields(
  fields: readonly ProfileField[],
  importances: Profile["importances"] = undefined,
): ProfileField[] {
  const varied = fields.filter(
    (field) =>
      field.target === "feature" && field.counts.filter((count) => count > 0).length > 1 && !isMostlyOthers(field),
  );
  if (varied.length <= MAX_JOINT_FEATURES) return varied;
  const weight = ({ name }: ProfileField) => importances?.[name] ?? 0;
  const chosen = new Set(varied.toSorted((a, b) => weight(b) - weight(a)).slice(0, MAX_JOINT_FEATURES));
  return varied.filter((field) => chosen.has(field));
}

function isMostlyOthers({ kind, counts }: ProfileField): boolean {
  return kind === "categorical" && counts.at(-1)! > MOST_OTHERS * totalOf(counts);
}

/** Makes normal scores of rows, NaN where one has no value; `leastRows` as `featureScorer` has it. */
export function createRowScorer(fields: readonly ProfileField[], leastRows?: number): (row: BinnedRow) => Float64Array {
  const bySlot = new Map<number, readonly ReturnType<typeof featureScorer>[]>();
  return ({ slot, bins, seed }) => {
    let own = bySlot.get(slot);
    if (own === undefined) {
      own = fields.map((field) => featureScorer(field, slot, leastRows));
      bySlot.set(slot, own);
    }
    const uniform = seededUniform(seed);
    const scores = new Float64Array(fields.length);
    for (let j = 0; j < scores.length; j++) {
      const u = uniform();
      scores[j] = bins[j]! < 0 ? Number.NaN : own[j]!(bins[j]!, u);
    }
    return scores;
  };
}
