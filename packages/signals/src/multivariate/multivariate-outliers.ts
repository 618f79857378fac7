import { totalOf } from "../field-of.ts";
import { judgeChange } from "../quality/judge-change.ts";
import { judgeShare } from "../quality/judge-share.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { MULTIVARIATE } from "./multivariate-drift.ts";
import { sliceSpread } from "./slice-reference.ts";

/**
 * Rows whose values do not belong together, though each may be usual: `ml.data_quality.share` of the rule `multivariate_outlier`, those
 * beyond Tukey's inner fence (Q3 + 1.5 IQR) of the reference's reconstruction errors. Judged as the shares of single values are; what is accepted says
 * `quality.allowed` under the name `multivariate`. Null where a feature of the joint distribution is ignored, or no row names it.
 */
export function multivariateOutliers(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding | null {
  const { multivariate: counts, window } = aggregate;
  const reference = profile.multivariate;
  if (counts === undefined || reference === undefined) return null;
  const ignored = new Set(config.drift.ignore);
  if (counts.absent.length > 0 || reference.features.some((name) => ignored.has(name))) return null;
  const { errors } = reference;
  const referenceRows = totalOf(errors.counts);
  const broken = counts.errors.beyond;
  return judgeShare({
    target: MULTIVARIATE,
    rule: "multivariate_outlier",
    rows: counts.rows,
    broken,
    allowed: config.quality.allowed[MULTIVARIATE.name]?.multivariate_outlier ?? 0,
    referenceRows,
    referenceShare: errors.beyond / referenceRows,
    judge: () =>
      judgeChange(
        [{ rows: counts.rows, broken, referenceRows, referenceBroken: errors.beyond }],
        sliceSpread(errors, window.endMs - window.startMs),
      ),
  });
}
