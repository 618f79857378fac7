import { createHistogramLayout, type HistogramLayout } from "@tidemark/sketches";
import { CategoryDictionary } from "./category-dictionary.ts";
import type { CategoricalPlan, ModelPlan } from "./feature-plan.ts";
import { planSegments, type SegmentPlan } from "./segment-plan.ts";
import { BATCH_SIZE_BOUNDARIES, DURATION_BOUNDARIES } from "./service-boundaries.ts";
import { STATE_COUNT } from "./value-states.ts";

/** Where everything of a model is counted: fixed once it is described, shared by all counts of it. */
export interface ModelLayout {
  readonly plan: ModelPlan;
  /** Columns: the numeric features, then score, value and, of a member, its contribution. */
  readonly histograms: HistogramLayout;
  readonly scoreColumn: number;
  readonly valueColumn: number;
  /** -1 where the model is no member of an ensemble. */
  readonly contributionColumn: number;
  /** Columns without boundaries, which have exponential histograms. */
  readonly exponentialColumns: readonly number[];
  /** One for each categorical feature, then one for labels. */
  readonly dictionaries: readonly CategoryDictionary[];
  /** Where the bins of each dictionary begin in the counts, and at the end their number. */
  readonly categoryOffsets: Int32Array;
  readonly failures: CategoryDictionary;
  readonly segments: readonly SegmentPlan[];
}

/** Categories kept of a feature, or error types, for which no profile lists them. */
const DISCOVERED_LIMIT = 50;
const UNLISTED = { categories: null, otherCategories: new Set<string>(), codes: null } as const;

/**
 * Lays out the counts of a model within a budget of series: what is discovered gets fewer categories where the budget asks
 * for it, and segments share what is left.
 */
export function createModelLayout(plan: ModelPlan, maxSeries: number): ModelLayout {
  const features = plan.numeric.map((feature) => feature.boundaries);
  const boundaries = [...features, plan.scoreBoundaries, plan.valueBoundaries, ...(plan.isMember ? [null] : [])];
  const lists: readonly CategoricalPlan[] = [...plan.categorical, plan.labels];
  const fixedSeries = seriesOf(plan, lists, 1);
  const discovered = lists.filter(({ categories }) => categories === null).length;
  const room = Math.floor((maxSeries - fixedSeries) / Math.max(1, discovered));
  const limit = Math.max(1, Math.min(DISCOVERED_LIMIT, room));
  const dictionaries = lists.map((list) => new CategoryDictionary(list, limit));
  const categoryOffsets = new Int32Array(lists.length + 1);
  dictionaries.forEach((dictionary, index) => {
    categoryOffsets[index + 1] = categoryOffsets[index]! + dictionary.limit + 1;
  });
  const series = seriesOf(plan, lists, limit);
  return {
    plan,
    histograms: createHistogramLayout(boundaries.map((own) => own ?? [])),
    scoreColumn: plan.numeric.length,
    valueColumn: plan.numeric.length + 1,
    contributionColumn: plan.isMember ? plan.numeric.length + 2 : -1,
    exponentialColumns: boundaries.flatMap((own, column) => (own === null ? [column] : [])),
    dictionaries,
    categoryOffsets,
    failures: new CategoryDictionary(UNLISTED, DISCOVERED_LIMIT),
    segments: planSegments(plan, dictionaries, Math.floor((maxSeries - series) / series)),
  };
}

/** Series of one set of counts at most: histograms, categories with their rest, value states, calls. */
function seriesOf(plan: ModelPlan, lists: readonly CategoricalPlan[], discoveredLimit: number): number {
  const histograms = plan.numeric.length + 3;
  const states = (plan.numeric.length + plan.categorical.length + plan.vectors.length) * STATE_COUNT;
  const categories = lists.reduce((sum, { categories: own }) => sum + (own?.length ?? discoveredLimit) + 1, 0);
  return histograms + states + categories + DISCOVERED_LIMIT + CALL_SERIES;
}

/** Duration, batch size, predictions, calls in flight, the rest of error types. */
const CALL_SERIES = 5;

/** Of every model. */
export const callHistograms: HistogramLayout = createHistogramLayout([DURATION_BOUNDARIES, BATCH_SIZE_BOUNDARIES]);
