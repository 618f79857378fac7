import type { Profile } from "@tidemark/schema";
import {
  type ErrorMetric,
  type ErrorMetrics,
  estimateErrors,
  exactQuantile,
  realizedErrorMetrics,
  type WindowErrors,
} from "@tidemark/stats";
import type { ScoreKey } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import { conceptFindings } from "./concept-findings.ts";
import { type ErrorChanges, errorChanges } from "./error-changes.ts";
import { type ErrorEstimationModel, errorEstimationModel, rowsOfValueSample } from "./error-estimation.ts";
import { estimateFinding } from "./estimate-finding.ts";
import type { EstimatedWindow, Matured } from "./estimated-window.ts";
import type { ValueSample } from "./estimation-sample.ts";
import type { Estimator } from "./estimator.ts";
import { type ChangeSplit, splitChange } from "./split-change.ts";

/** What the outcomes of a window said once enough were known, and why its errors differ from the reference's. */
export interface MaturedValues extends Matured {
  readonly truth: ErrorMetrics;
  readonly split: ChangeSplit | null;
  readonly errors: ErrorChanges;
}

type ValueWindow = EstimatedWindow<WindowErrors, MaturedValues>;

/** An error of the reference is called large beyond this quantile of their sizes. */
const LARGE = 0.9;

/** Estimates the errors of a model that predicts quantities. */
export const valueEstimator: Estimator<ValueSample, WindowErrors, MaturedValues> = {
  estimate(profile, sample, history) {
    const model = errorEstimationModel(profile, sample.features);
    if (model === null || sample.rows < 2) return null;
    const matured = history.map(({ estimate, matured: known }) => ({
      truth: known!.truth,
      estimate: estimate.metrics,
    }));
    return estimateErrors(model.reference, rowsOfValueSample(sample), matured);
  },
  matured(profile, sample) {
    const model = errorEstimationModel(profile, sample.features);
    if (sample.maturedAtMs === null || model === null) return null;
    const places = Array.from({ length: sample.rows }, (_, i) => i).filter((i) => !Number.isNaN(sample.outcomes[i]));
    const errors = Float64Array.from(places, (i) => sample.predictions[i]! - sample.outcomes[i]!);
    return {
      atMs: sample.maturedAtMs,
      truth: realizedErrorMetrics(errors),
      split: places.length < 2 ? null : splitOfErrors(profile, model, sample, places),
      errors: changesOfErrors(model, sample, places),
    };
  },
  findings(window, _sample, model) {
    const isAsked = model.config.performance.estimates.includes("blend");
    return [...(isAsked ? estimatesOf(window, model) : []), ...conceptFindings(window, "share of large errors")];
  },
};

const SCORE_OF: Readonly<Record<ErrorMetric, ScoreKey>> = { mae: "mae", rmse: "rmse", mse: "mse", bias: "bias" };

function estimatesOf({ estimate, matured, rows }: ValueWindow, model: Pick<JudgeContext, "profile" | "config">) {
  return (Object.keys(SCORE_OF) as ErrorMetric[]).flatMap((name): Finding[] => {
    const own = estimate.metrics[name];
    const finding = estimateFinding(
      {
        key: SCORE_OF[name],
        estimate: own,
        rows,
        isEnough: true,
        hasOverlap: estimate.hasOverlap,
        realized: matured?.truth[name] ?? null,
        numbers: {
          outcomeModel: own.experts.outcome_model,
          doublyRobust: own.experts.doubly_robust,
          domainAuc: estimate.domainAuc,
          effectiveShare: estimate.effectiveShare,
        },
      },
      model,
    );
    return finding === null ? [] : [finding];
  });
}

/** The absolute error, cut as where harm is proved, so that single rows do not decide. */
function splitOfErrors(
  profile: Profile,
  { reference, errors }: ErrorEstimationModel,
  sample: ValueSample,
  places: readonly number[],
): ChangeSplit | null {
  const cap = profile.risk?.cap ?? Number.POSITIVE_INFINITY;
  const lossOf = (error: number) => Math.min(cap, Math.abs(error));
  const rows = rowsOfValueSample(sample);
  const known = {
    codes: places.map((i) => rows.codes[i]!),
    predictions: Float64Array.from(places, (i) => sample.predictions[i]!),
  };
  return splitChange(
    { ...reference.design, loss: errors.map(lossOf) },
    {
      ...reference.codeDesign(known),
      loss: Float64Array.from(places, (i) => lossOf(sample.predictions[i]! - sample.outcomes[i]!)),
    },
  );
}

/** Detectors read whether errors are larger than nine of ten of the reference's. */
function changesOfErrors(
  { errors }: ErrorEstimationModel,
  sample: ValueSample,
  places: readonly number[],
): ErrorChanges {
  const line = exactQuantile(errors.map(Math.abs).sort(), LARGE);
  const isLarge = (error: number) => Math.abs(error) > line;
  const inTime = places
    .map((i) => ({ atMs: sample.timesMs[i]!, isWrong: isLarge(sample.predictions[i]! - sample.outcomes[i]!) }))
    .sort((a, b) => a.atMs - b.atMs || Number(a.isWrong) - Number(b.isWrong));
  return errorChanges(
    Uint8Array.from(errors, (error) => Number(isLarge(error))),
    inTime,
  );
}
