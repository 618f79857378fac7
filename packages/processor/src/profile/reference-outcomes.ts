import type { OutcomeGroup } from "@tidemark/signals";
import type { EngineSession } from "../store/engine-session.ts";
import { RowReader } from "../store/row-reader.ts";
import type { FieldColumn, SegmentColumn } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";

/** Reference rows with equal answer and outcome, of one day where they are asked for by day. */
export interface ReferenceGroup extends OutcomeGroup {
  /** Days since 1970; 0 where groups are not by day. */
  readonly day: number;
  /** Values of the segments asked for, in their order; empty where there is none. */
  readonly segments: readonly string[];
}

const DAY_NS = 86_400_000_000_000;

/**
 * The reference rows that have an outcome, with what the model said of them, sorted by all members; none where the data has
 * no column of either.
 */
export async function readReferenceOutcomes(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  { byDay, segments = [] }: { readonly byDay: boolean; readonly segments?: readonly SegmentColumn[] },
): Promise<ReferenceGroup[]> {
  const outcomes = columns.filter((column) => column.target === "outcome");
  const answers = columns.filter((column) => column.target === "prediction");
  if (outcomes.length === 0 || answers.length === 0) return [];
  const column = (target: FieldColumn["target"], name: string, type: string) => {
    const index = columns.findIndex((each) => each.target === target && each.name === name);
    return index < 0 ? `CAST(NULL, 'Nullable(${type})')` : `if(s${index} = ${ROW_STATE.valid}, f${index}, NULL)`;
  };
  const bytes = await readData(
    session,
    file.path,
    `SELECT [${segments.map(({ sql }) => sql).join(", ")}]::Array(String) AS segments, ${byDay ? `toFloat64(intDiv(t, ${DAY_NS}))` : "toFloat64(0)"} AS day,
      ${column("prediction", "score", "Float64")} AS score, ${column("prediction", "label", "String")} AS label,
      ${column("prediction", "value", "Float64")} AS value, ${column("outcome", "label", "String")} AS actual,
      ${column("outcome", "value", "Float64")} AS actual_value, toFloat64(count())
    FROM ${ROWS} GROUP BY segments, day, score, label, value, actual, actual_value
    HAVING isNotNull(actual) OR isNotNull(actual_value)
    ORDER BY day, score NULLS FIRST, label NULLS FIRST, value NULLS FIRST, actual NULLS FIRST, actual_value NULLS FIRST, segments`,
    "RowBinary",
  );
  return readGroups(new RowReader(bytes));
}

function readGroups(reader: RowReader): ReferenceGroup[] {
  const groups: ReferenceGroup[] = [];
  while (!reader.done) {
    const segments = Array.from({ length: reader.length() }, () => reader.string());
    const day = reader.float64();
    const score = reader.nullableFloat64();
    const label = reader.nullableString();
    const value = reader.nullableFloat64();
    const outcomeLabel = reader.nullableString();
    const outcomeValue = reader.nullableFloat64();
    const outcomeKind = outcomeLabel === null ? "value" : "class";
    const count = reader.float64();
    groups.push({
      day,
      segments,
      score,
      label,
      value,
      outcomeKind,
      outcomeLabel,
      outcomeValue,
      position: null,
      weight: 1,
      count,
    });
  }
  return groups;
}
