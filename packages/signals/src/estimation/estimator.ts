import type { Profile } from "@tidemark/schema";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import { classEstimator } from "./class-estimator.ts";
import type { EstimatedWindow, Matured } from "./estimated-window.ts";
import type { EstimationSample } from "./estimation-sample.ts";
import { valueEstimator } from "./value-estimator.ts";

/** How the performance of one kind of model is estimated before outcomes come. Every function is pure. */
export interface Estimator<S = EstimationSample, E = unknown, M extends Matured = Matured> {
  /** What is said of a window; null where the profile holds no estimation or the window has fewer than two rows. */
  estimate(profile: Profile, sample: S, history: readonly EstimatedWindow<E, M>[]): E | null;
  /** What the outcomes of a mature window say; null while it is not. */
  matured(profile: Profile, sample: S): M | null;
  findings(
    window: EstimatedWindow<E, M>,
    sample: S,
    model: Pick<JudgeContext, "profile" | "config">,
  ): readonly Finding[];
}

/** The estimator of a profile's kind of model; null where the profile holds nothing to estimate from. */
export function estimatorOf({ estimation }: Profile): Estimator | null {
  if (estimation === undefined) return null;
  return (estimation.question === "error" ? valueEstimator : classEstimator) as Estimator;
}
