import { metric } from "@tidemark/semconv";
import { raiseImportant } from "../attribution/raise-important.ts";
import { embeddingQuality } from "../embedding/embedding-quality.ts";
import { fieldCountsOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { correlationBreaks } from "../multivariate/correlation-breaks.ts";
import { multivariateOutliers } from "../multivariate/multivariate-outliers.ts";
import type { Finding, Signal } from "../window-aggregate.ts";
import { judgeCardinality } from "./judge-cardinality.ts";
import { judgeDuplicates } from "./judge-duplicates.ts";
import { judgeMissingCategories } from "./judge-missing-categories.ts";
import { judgePattern } from "./judge-pattern.ts";
import { judgeProbabilities } from "./judge-probabilities.ts";
import { judgeRule } from "./judge-rule.ts";
import { judgeStuck } from "./judge-stuck.ts";
import { judgeVolume } from "./judge-volume.ts";
import { rulesOf } from "./rules.ts";

/**
 * Do the values arrive whole: present, of the right type, in range, known, varied, every category there; do they belong together; and are
 * there as many as usual?
 *
 * Per feature and prediction field: `ml.data_quality.share` by rule. For rows as a whole the shares of multivariate outliers and of
 * duplicates, and
 * `ml.data_quality.correlation` of features that move together. For the model: `ml.window.sample.count` with the
 * verdict on the volume, and the described `ml.window.sample.effective`.
 */
export const dataQualitySignal: Signal = {
  name: "data_quality",
  judge(aggregate, context) {
    const windowMs = aggregate.window.endMs - aggregate.window.startMs;
    const rules = context.profile.fields.flatMap((field): Finding[] => {
      const pattern = aggregate.patterns?.find(({ name }) => field.target === "feature" && name === field.name);
      const form =
        pattern === undefined || field.kind !== "categorical"
          ? null
          : judgePattern({ field, counts: pattern, quality: context.config.quality });
      const formed = form === null ? [] : [form];
      const counts = field.target === "outcome" ? null : fieldCountsOf(aggregate, field);
      if (counts === null) return formed;
      const { quality } = context.config;
      const byValue = rulesOf(field).flatMap((rule) => judgeRule({ field, counts, rule, quality, windowMs }) ?? []);
      const gone = judgeMissingCategories({ field, counts, quality });
      const { profile } = context;
      const { distinct, repeated } = aggregate;
      const stuck = judgeStuck({ profile, field, counts, repeated, quality });
      const varied = distinct === undefined ? null : judgeCardinality({ profile, field, counts, distinct, quality });
      return [...byValue, ...formed, ...[gone, stuck, varied].filter((finding) => finding !== null)];
    });
    const effective = createFinding({
      target: { kind: "dataset", name: "volume" },
      metric: metric.windowSampleEffective,
      value: aggregate.effectivePredictions,
      count: aggregate.predictions,
      effective: aggregate.effectivePredictions,
    });
    const outliers = multivariateOutliers(aggregate, context);
    const duplicates = judgeDuplicates(context.profile, aggregate.duplicates, context.config.quality);
    return [
      ...raiseImportant(rules, context.profile),
      ...(outliers === null ? [] : [outliers]),
      ...(duplicates === null ? [] : [duplicates]),
      ...correlationBreaks(aggregate, context),
      ...embeddingQuality(aggregate, context),
      ...judgeProbabilities(aggregate, context),
      judgeVolume(aggregate),
      effective,
    ];
  },
};
