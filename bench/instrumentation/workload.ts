import type { CountedPrediction, ProfileFieldJson, ProfileJson } from "@tidemark/instrumentation";
import { createSeededRandom } from "../detection/seeded-random.ts";

export const NUMERIC_FEATURES = 20;
export const CATEGORICAL_FEATURES = 5;
const CATEGORIES = 20;
/** As many as `tidemark profile` makes. */
const BINS = 120;
const REFERENCE_ROWS = 12_000;

/** Predictions of a model with 20 numeric and 5 categorical features, the same by name and as rows. */
export interface Workload {
  readonly profile: ProfileJson;
  /** What the numbers of a row stand for. */
  readonly codes: Readonly<Record<string, readonly string[]>>;
  readonly byName: readonly CountedPrediction[];
  readonly byRow: readonly CountedPrediction[];
  readonly boundaries: readonly (readonly number[])[];
}

/**
 * Half of the numeric features are log-normal, half are rounded to whole numbers; 2 % of the values are beyond the
 * reference's range and 1 % of the categories unseen. Rows come through JSON, as a request's would.
 */
export function createWorkload(rows: number): Workload {
  const { normal, uniform } = createSeededRandom("instrumentation");
  const draw = (feature: number) => {
    const value = Math.exp(normal()) * (feature + 1);
    return feature % 2 === 0 ? value : Math.round(value * 100);
  };
  const boundaries = Array.from({ length: NUMERIC_FEATURES }, (_, feature) => {
    const reference = Float64Array.from({ length: REFERENCE_ROWS }, () => draw(feature)).sort();
    return [...new Set(Array.from({ length: BINS - 1 }, (_, bin) => reference[((bin + 1) * REFERENCE_ROWS) / BINS]!))];
  });
  const categories = Array.from({ length: CATEGORIES }, (_, index) => `category-${index}`);
  const numeric = boundaries.map((own, index) => field(`numeric_${index}`, own, "feature"));
  const categorical = Array.from({ length: CATEGORICAL_FEATURES }, (_, index): ProfileFieldJson => {
    return { kind: "categorical", target: "feature", name: `categorical_${index}`, categories, otherCategories: [] };
  });
  const percents = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
  const fields = [...numeric, ...categorical, field("score", percents, "prediction")];
  const made = Array.from({ length: rows }, () => {
    const numbers = numeric.map((_, feature) => draw(feature));
    const codes = categorical.map(() => Math.floor(uniform() * CATEGORIES * 1.01));
    return { numbers, codes, score: uniform() };
  });
  return {
    profile: { id: "sha256:benchmark", model: { name: "benchmark" }, fields },
    codes: Object.fromEntries(categorical.map(({ name }) => [name, categories])),
    boundaries,
    byName: made.map(({ numbers, codes, score }) => {
      const named = [
        ...numbers.map((value, feature) => [numeric[feature]!.name, value]),
        ...codes.map((code, feature) => [categorical[feature]!.name, categories[code] ?? "unseen"]),
      ];
      const inputs = Object.fromEntries(named) as Record<string, unknown>;
      return JSON.parse(JSON.stringify({ inputs, score, durationSeconds: 0.0001 + score / 1e3 })) as CountedPrediction;
    }),
    byRow: made.map(({ numbers, codes, score }) => ({
      inputs: Float64Array.of(...numbers, ...codes),
      score,
      durationSeconds: 0.0001 + score / 1e3,
    })),
  };
}

function field(name: string, boundaries: readonly number[], target: "feature" | "prediction"): ProfileFieldJson {
  const range = { min: boundaries[0]! * 0.9, max: boundaries.at(-1)! * 1.1 };
  return { kind: "numeric", target, name, boundaries, range };
}
