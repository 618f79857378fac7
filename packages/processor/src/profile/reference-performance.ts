import { metric } from "@tidemark/semconv";
import { binaryScores, type Estimate, regressionScores } from "@tidemark/stats";
import type { EngineSession } from "../store/engine-session.ts";
import { RowReader } from "../store/row-reader.ts";
import type { FieldColumn } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";

/**
 * Scores of the model on the reference rows, by metric name; scores that do not exist are left out. Classification needs
 * an outcome label, a positive label and a score or a predicted label; regression a predicted and a true value.
 */
export async function referencePerformance(
  session: EngineSession,
  file: DataFile,
  fields: readonly FieldColumn[],
  positiveLabel: string | null,
): Promise<Record<string, number>> {
  const at = (target: FieldColumn["target"], name: string) =>
    fields.findIndex((field) => field.target === target && field.name === name);
  const label = at("prediction", "label");
  const score = at("prediction", "score");
  const value = at("prediction", "value");
  const trueLabel = at("outcome", "label");
  const trueValue = at("outcome", "value");
  if (trueLabel >= 0 && positiveLabel !== null && (score >= 0 || label >= 0)) {
    return classify(session, file, { label, score, trueLabel, positiveLabel });
  }
  return value >= 0 && trueValue >= 0 ? regress(session, file, value, trueValue) : {};
}

interface ClassColumns {
  readonly label: number;
  readonly score: number;
  readonly trueLabel: number;
  readonly positiveLabel: string;
}

async function classify(
  session: EngineSession,
  file: DataFile,
  columns: ClassColumns,
): Promise<Record<string, number>> {
  const { label, score, trueLabel, positiveLabel } = columns;
  const scoreSql = score < 0 ? "CAST(NULL, 'Nullable(Float64)')" : orNull(score);
  const labelSql = label < 0 ? "CAST(NULL, 'Nullable(String)')" : orNull(label);
  const reader = new RowReader(
    await readData(
      session,
      file.path,
      `SELECT ${scoreSql} AS score, ${labelSql} AS label, f${trueLabel} AS actual, toFloat64(count()) FROM ${ROWS}
      WHERE s${trueLabel} = ${ROW_STATE.valid} GROUP BY score, label, actual
      ORDER BY score NULLS FIRST, label NULLS FIRST, actual`,
      "RowBinary",
    ),
  );
  const groups: { score: number | null; predicted: boolean | null; positive: boolean; weight: number }[] = [];
  while (!reader.done) {
    const rowScore = reader.nullableFloat64();
    const predicted = reader.nullableString();
    const positive = reader.string() === positiveLabel;
    groups.push({
      score: rowScore,
      predicted: predicted === null ? null : predicted === positiveLabel,
      positive,
      weight: reader.float64(),
    });
  }
  const scores = binaryScores(groups);
  return existing({
    [metric.performanceAccuracy]: scores.accuracy,
    [metric.performancePrecision]: scores.precision,
    [metric.performanceRecall]: scores.recall,
    [metric.performanceF1]: scores.f1,
    [metric.performanceRocAuc]: scores.rocAuc,
    [metric.performanceLogLoss]: scores.logLoss,
    [metric.performanceBrier]: scores.brier,
    [metric.performanceOutcomeRate]: scores.outcomeRate,
  });
}

async function regress(
  session: EngineSession,
  file: DataFile,
  value: number,
  trueValue: number,
): Promise<Record<string, number>> {
  const reader = new RowReader(
    await readData(
      session,
      file.path,
      `SELECT f${value} AS predicted, f${trueValue} AS actual, toFloat64(count()) FROM ${ROWS}
      WHERE s${value} = ${ROW_STATE.valid} AND s${trueValue} = ${ROW_STATE.valid} GROUP BY predicted, actual ORDER BY predicted, actual`,
      "RowBinary",
    ),
  );
  const groups: { predicted: number; actual: number; weight: number }[] = [];
  while (!reader.done) {
    groups.push({ predicted: reader.float64(), actual: reader.float64(), weight: reader.float64() });
  }
  const scores = regressionScores(groups);
  return existing({ [metric.performanceMae]: scores.mae, [metric.performanceRmse]: scores.rmse });
}

function orNull(index: number): string {
  return `if(s${index} = ${ROW_STATE.valid}, f${index}, NULL)`;
}

function existing(estimates: Record<string, Estimate>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(estimates).flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
  );
}
