import { describeSample, exactQuantile } from "@tidemark/stats";
import type { ReproductionGroup } from "../reproduce/reproduction.ts";
import { TABLE } from "../table-cases.ts";
import { binaryLines, cbpe, realizedBinary } from "./binary-performance.ts";
import { missing, summary, unseen } from "./data-quality.ts";
import { multiclassCbpe } from "./multiclass-performance.ts";
import { numericOnly, reconstruction } from "./reconstruction.ts";
import { realizedRegression } from "./regression-performance.ts";
import { table } from "./table-plan.ts";
import { univariate } from "./univariate-drift.ts";

/** NannyML's results over the chunks of whole runs: values, lines and alerts. */
export const nannymlTables: ReproductionGroup = {
  [`${TABLE}nannyml_car_loan_univariate`]: table(univariate),
  [`${TABLE}nannyml_car_loan_univariate_default_chunker`]: table(univariate),
  [`${TABLE}nannyml_california_univariate`]: table(univariate),
  [`${TABLE}nannyml_car_loan_realized`]: table({
    fit: () => (chunk) => realizedBinary(chunk, "repaid"),
    lines: binaryLines,
  }),
  [`${TABLE}nannyml_car_price_realized`]: table(realizedRegression),
  [`${TABLE}nannyml_car_loan_cbpe`]: table(cbpe("repaid")),
  [`${TABLE}nannyml_california_cbpe`]: table(cbpe("clf_target")),
  [`${TABLE}nannyml_multiclass_cbpe`]: table(multiclassCbpe),
  [`${TABLE}nannyml_car_loan_dq_missing`]: table(missing),
  [`${TABLE}nannyml_car_loan_dq_unseen`]: table(unseen),
  [`${TABLE}nannyml_car_loan_summary_stats_avg`]: table(summary((values) => describeSample(values).mean!)),
  [`${TABLE}nannyml_car_loan_summary_stats_std`]: table(summary((values) => describeSample(values).standardDeviation!)),
  [`${TABLE}nannyml_car_loan_summary_stats_median`]: table(
    summary((values) => exactQuantile(Float64Array.from(values).sort(), 0.5)),
  ),
  [`${TABLE}nannyml_car_loan_summary_stats_sum`]: table(
    summary((values) => values.reduce((sum, value) => sum + value, 0)),
  ),
  [`${TABLE}nannyml_car_loan_reconstruction`]: table(reconstruction),
  [`${TABLE}nannyml_california_reconstruction`]: table(reconstruction),
  [`${TABLE}nannyml_car_loan_reconstruction_numeric_only`]: table(numericOnly),
};
