import { MAX_PAIRS, type MultivariateProfile, type ProfileField } from "@tidemark/schema";
import { correlationsOf, fisherScore } from "@tidemark/signals";
import { type PeriodSums, periodVariance } from "@tidemark/stats";
import type { ScoreRow } from "./reference-scores.ts";
import type { RowCells } from "./row-cells.ts";

/** Below it two features do not move together in a way that anybody counts on. */
const LEAST_CORRELATION = 0.5;
/** Parts of the rows, by their place, that show how much a correlation varies by chance. */
const PARTS = 50;
/** Rows of a period without which its correlation says nothing. */
const LEAST_PERIOD_ROWS = 20;
const PERIOD_HOURS = { hour: 1, day: 24, week: 168 } as const;
/** Hours from a Monday, 00:00 UTC, to 1970. */
const MONDAY_OFFSET = 72;
const LEAST_PERIODS = 2;

type Pair = MultivariateProfile["pairs"][number];

interface PairRows {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * The up to 20 strongest correlations of numeric features, with what they vary by: between random parts of the rows, and between
 * whole hours, days and weeks beyond that.
 *
 * @param correlations of every feature with those before it.
 */
export function referencePairs(
  fields: readonly ProfileField[],
  correlations: Float64Array,
  { rows, hours }: Pick<RowCells, "rows" | "hours">,
  scoreRow: ScoreRow,
  isOrdered: boolean,
): Pair[] {
  const strongest = fields
    .flatMap((field, second) =>
      fields.slice(0, second).map((other, first) => {
        const isNumeric = field.kind === "numeric" && other.kind === "numeric";
        return { first, second, size: isNumeric ? Math.abs(correlations[(second * (second - 1)) / 2 + first]!) : 0 };
      }),
    )
    .filter(({ size }) => size >= LEAST_CORRELATION)
    .sort((a, b) => b.size - a.size || a.second - b.second || a.first - b.first)
    .slice(0, MAX_PAIRS);
  if (strongest.length === 0) return [];
  const columns = new Map(
    strongest.flatMap(({ first, second }) => [first, second]).map((j) => [j, new Float64Array(rows)]),
  );
  for (let row = 0; row < rows; row++) {
    const scores = scoreRow(row);
    for (const [j, column] of columns) column[row] = scores[j]!;
  }
  return strongest.map(({ first, second }) => {
    const pair = { first: columns.get(first)!, second: columns.get(second)! };
    return { first, second, ...describePair(pair, hours, isOrdered) };
  });
}

function describePair(pair: PairRows, hours: Int32Array, isOrdered: boolean): Omit<Pair, "first" | "second"> {
  const whole = correlate(pair, () => 0)[0]!;
  const parts = correlate(pair, (row) => row % PARTS);
  const mean = parts.reduce((sum, { fisher }) => sum + fisher, 0) / parts.length;
  const squares = parts.reduce((sum, { fisher, rows }) => sum + (fisher - mean) ** 2 * rows, 0);
  const rowVariance = Math.max(1, squares / Math.max(1, parts.length - 1));
  const periods = (length: number) => (isOrdered ? describePeriods(pair, hours, length, rowVariance) : null);
  return {
    fisher: whole.fisher,
    rows: whole.rows,
    rowVariance,
    periods: {
      hour: periods(PERIOD_HOURS.hour),
      day: periods(PERIOD_HOURS.day),
      week: periods(PERIOD_HOURS.week),
    },
  };
}

function describePeriods(pair: PairRows, hours: Int32Array, length: number, rowVariance: number) {
  const all = correlate(pair, (row) => Math.floor((hours[row]! + MONDAY_OFFSET) / length));
  const used = all.filter(({ rows }) => rows >= LEAST_PERIOD_ROWS);
  if (used.length < LEAST_PERIODS) return null;
  const total = used.reduce((sum, { rows }) => sum + rows, 0);
  const fisher = used.reduce((sum, each) => sum + each.fisher * each.rows, 0) / total;
  const deviation = Math.sqrt(rowVariance);
  const sums = used.map(
    (each): PeriodSums => ({ sums: [(each.rows * (each.fisher - fisher)) / deviation], rows: each.rows }),
  );
  const [between] = periodVariance(sums, "categorical", used.length);
  return { fisher, between: between * rowVariance };
}

/** Correlation of the rows of each group that have both values, in the order in which groups first appear. */
function correlate({ first, second }: PairRows, groupOf: (row: number) => number): { fisher: number; rows: number }[] {
  const groups = new Map<number, Float64Array[]>();
  for (let row = 0; row < first.length; row++) {
    if (Number.isNaN(first[row]!) || Number.isNaN(second[row]!)) continue;
    const group = groupOf(row);
    const own = groups.get(group);
    const values = Float64Array.of(first[row]!, second[row]!);
    if (own === undefined) groups.set(group, [values]);
    else own.push(values);
  }
  return Array.from(groups.values(), (own) => ({
    fisher: fisherScore(correlationsOf(2, own).values[0]!),
    rows: own.length,
  }));
}
