import type { Measurement } from "@tidemark/schema";
import { SCORES, type ScoreKey } from "@tidemark/signals";
import { estimateTrust } from "@tidemark/stats";
import { OUTCOME_DELAY_WINDOWS, type ProductSet, runProduct } from "./product-run.ts";
import type { NannymlRun } from "./run-nannyml.ts";
import type { Said, ScoreSeries } from "./score-series.ts";

const Z95 = 1.959963984540054;

/** A score that both know, under NannyML's name and ours. */
const NANNYML_SCORES: Readonly<Record<string, ScoreKey>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  roc_auc: "rocAuc",
  mae: "mae",
  rmse: "rmse",
  mse: "mse",
};

/** Every score that the product estimates of a set, beside NannyML's, the last known value and the reference's. */
export function productSeries(product: ProductSet, nannyml: NannymlRun | null): ScoreSeries[] {
  const { labelled, unlabelled } = runProduct(product);
  const estimated = new Set(unlabelled.flat().flatMap((each) => (isFrom(each, "blend") ? [each.metric] : [])));
  return [...estimated].map((metric) => {
    const of = (windows: readonly (readonly Measurement[])[], source: string) =>
      windows.map((window) => window.find((each) => each.metric === metric && isFrom(each, source)));
    const truth = of(labelled, "realized").map((found) => found?.value ?? Number.NaN);
    const published = of(labelled, "blend");
    const constant = published.find((each) => each !== undefined)?.evidence.numbers["reference"] ?? Number.NaN;
    return {
      set: product.name,
      metric,
      truth,
      said: {
        nannyml: product.windows.map((_, w) => saidByNannyml(nannyml, metric, w)),
        A: withShadowTrust(of(unlabelled, "blend").map(saidOf), truth),
        B: published.map(saidOf),
        last: truth.map((_, w) => alone(truth[w - OUTCOME_DELAY_WINDOWS] ?? constant)),
        constant: truth.map(() => alone(constant)),
      },
    };
  });
}

/** Of all rows of the window, not of a segment. */
function isFrom({ attributes, target }: Measurement, source: string): boolean {
  return attributes["ml.estimate.source"] === source && target.kind === "prediction";
}

function saidByNannyml(nannyml: NannymlRun | null, metric: string, window: number): Said | null {
  const name = Object.entries(NANNYML_SCORES).find(([, key]) => SCORES[key].metric === metric)?.[0];
  const [value, error] = (name === undefined ? null : nannyml?.windows[window]?.[name]) ?? [null, null];
  if (value === null || value === undefined) return null;
  const half = Z95 * (error ?? 0);
  return { ...alone(value), lower: value - half, upper: value + half };
}

function saidOf(found: Measurement | undefined): Said | null {
  const { value, lower, upper } = found ?? {};
  if (value === null || value === undefined) return null;
  const { backTested = 0, missed = 0 } = found!.evidence.numbers;
  const hits = Array.from({ length: backTested }, (_, i) => i >= missed);
  return {
    value,
    lower: lower ?? Number.NaN,
    upper: upper ?? Number.NaN,
    trust: estimateTrust(hits),
    hasRecord: backTested > 0,
  };
}

/**
 * Estimates that used no outcome, with the trust that the product's rule would give them by the outcomes known at the time. Published
 * without any outcome they are all unproven, which would say nothing of the rule.
 */
function withShadowTrust(said: readonly (Said | null)[], truth: readonly number[]): (Said | null)[] {
  const hits = said.map((own, w) =>
    own === null || ![own.lower, own.upper, truth[w]!].every(Number.isFinite)
      ? null
      : own.lower <= truth[w]! && truth[w]! <= own.upper,
  );
  return said.map((own, w) => {
    const known = hits.slice(0, Math.max(0, w - OUTCOME_DELAY_WINDOWS + 1)).filter((hit) => hit !== null);
    return own && { ...own, trust: estimateTrust(known), hasRecord: known.length > 0 };
  });
}

function alone(value: number): Said {
  return { value, lower: Number.NaN, upper: Number.NaN, trust: null, hasRecord: false };
}
