import type { Profile } from "@tidemark/schema";
import { type OutcomeGroup, realizedScores, SCORES, scoredTask } from "@tidemark/signals";
import type { EngineSession } from "../store/engine-session.ts";
import { RowReader } from "../store/row-reader.ts";
import type { FieldColumn } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";

/**
 * Scores of the model on the reference rows, by metric name, as a window's are made; scores that do not exist are left out.
 * Classification needs an outcome label and a score or a predicted label; regression a predicted and a true value.
 */
export async function referencePerformance(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Pick<Profile, "model" | "positiveLabel" | "fields">,
): Promise<Record<string, number>> {
  const outcomes = columns.filter((column) => column.target === "outcome");
  const answers = columns.filter((column) => column.target === "prediction");
  if (outcomes.length === 0 || answers.length === 0) return {};
  const column = (target: FieldColumn["target"], name: string, type: string) => {
    const index = columns.findIndex((each) => each.target === target && each.name === name);
    return index < 0 ? `CAST(NULL, 'Nullable(${type})')` : `if(s${index} = ${ROW_STATE.valid}, f${index}, NULL)`;
  };
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${column("prediction", "score", "Float64")} AS score, ${column("prediction", "label", "String")} AS label,
      ${column("prediction", "value", "Float64")} AS value, ${column("outcome", "label", "String")} AS actual,
      ${column("outcome", "value", "Float64")} AS actual_value, toFloat64(count())
    FROM ${ROWS} GROUP BY score, label, value, actual, actual_value
    HAVING isNotNull(actual) OR isNotNull(actual_value)
    ORDER BY score NULLS FIRST, label NULLS FIRST, value NULLS FIRST, actual NULLS FIRST, actual_value NULLS FIRST`,
    "RowBinary",
  );
  const { scores, rows } = realizedScores(scoredTask(profile), readGroups(new RowReader(bytes)));
  if (rows === 0) return {};
  return Object.fromEntries(
    scores.flatMap(([key, { value }]) => (value === null ? [] : [[SCORES[key].metric, value]])),
  );
}

function readGroups(reader: RowReader): OutcomeGroup[] {
  const groups: OutcomeGroup[] = [];
  while (!reader.done) {
    const score = reader.nullableFloat64();
    const label = reader.nullableString();
    const value = reader.nullableFloat64();
    const outcomeLabel = reader.nullableString();
    const outcomeValue = reader.nullableFloat64();
    const kind = outcomeLabel === null ? "value" : "class";
    const count = reader.float64();
    groups.push({
      score,
      label,
      value,
      outcomeKind: kind,
      outcomeLabel,
      outcomeValue,
      position: null,
      weight: 1,
      count,
    });
  }
  return groups;
}
