import { quoteNumber } from "../store/quote.ts";
import type { SkewExplanation } from "./feature-skew.ts";
import { PAIRS, type PairedFeature } from "./load-pairs.ts";
import { areClose, type PairSql } from "./pair-sql.ts";

/** Runs a query over the table of pairs. */
export type PairQuery = <T>(sql: string) => Promise<T[]>;

/** Share of the differing pairs that a reason must explain, and pairs of which fewer show no rule. */
const LEAST_SHARE = 0.9;
const LEAST_PAIRS = 10;
/** Numbers took a way over single precision, or over text. */
const LEAST_TOLERANCE = 1e-6;
const DECIMALS = [0, 1, 2, 3];
/** Rows before, and after. */
const OTHER_ROWS = [1, 2, 3, -1];

interface Candidate {
  /** Condition on a pair that differs. */
  readonly sql: string;
  readonly tell: (share: number, seconds: number) => SkewExplanation;
}

/**
 * The reason that explains most of the pairs that differ, nine in ten at least; of several the simplest: a constant factor, a
 * constant difference, decimals cut, letters or blanks, the value of a neighbouring row of the same entity.
 */
export async function explainSkew(
  query: PairQuery,
  feature: PairedFeature,
  sql: PairSql,
  tolerance: number,
): Promise<SkewExplanation | null> {
  const own = feature.kind === "numeric" ? await numericReasons(query, sql, tolerance) : [lettersReason(sql)];
  const candidates = [...own, ...OTHER_ROWS.map((_rows, index) => neighbourReason(feature, sql, index, tolerance))];
  const neighbours = OTHER_ROWS.map(
    (rows, index) =>
      `${neighbour(sql.recomputed, rows)} AS near${index}, time - ${neighbour("toNullable(time)", rows)} AS gap${index}`,
  );
  const counted = candidates.map(({ sql: explains }) => `toFloat64(countIf(ifNull(${explains}, 0)))`);
  const gaps = OTHER_ROWS.map((_rows, index) => `quantileExact(0.5)(abs(ifNull(gap${index}, 0)))`);
  const [found] = await query<{ pairs: number; counts: number[]; gaps: number[] }>(`
    SELECT toFloat64(count()) AS pairs, [${counted.join(", ")}] AS counts, [${gaps.join(", ")}] AS gaps
    FROM (SELECT *, ${neighbours.join(", ")} FROM ${PAIRS}) WHERE ${sql.differs}`);
  if (found === undefined || found.pairs < LEAST_PAIRS) return null;
  const best = Math.max(...found.counts);
  if (best < LEAST_SHARE * found.pairs) return null;
  const at = found.counts.indexOf(best);
  return candidates[at]!.tell(best / found.pairs, found.gaps[at - own.length] ?? 0);
}

async function numericReasons(query: PairQuery, sql: PairSql, tolerance: number): Promise<Candidate[]> {
  const { served, recomputed, differs } = sql;
  const [median] = await query<{ ratio: number | null; offset: number | null }>(`
    SELECT quantileExactIf(0.5)(assumeNotNull(${served} / ${recomputed}), ${differs} AND ${recomputed} != 0) AS ratio,
      quantileExactIf(0.5)(assumeNotNull(${served} - ${recomputed}), ${differs}) AS offset FROM ${PAIRS}`);
  const { ratio = null, offset = null } = median ?? {};
  const within = Math.max(tolerance, LEAST_TOLERANCE);
  const rounded = DECIMALS.map(
    (decimals): Candidate => ({
      sql: areClose(served, `round(${recomputed}, ${decimals})`, 1e-9),
      tell: (share) => ({ kind: "rounded", decimals, share }),
    }),
  );
  const scaled = ratio === null || ratio === 0 ? [] : [ratio];
  const shifted = offset === null ? [] : [offset];
  return [
    ...scaled.map(
      (factor): Candidate => ({
        sql: areClose(served, `${recomputed} * ${quoteNumber(factor)}`, within),
        tell: (share) => ({ kind: "ratio", ratio: factor, share }),
      }),
    ),
    ...shifted.map(
      (difference): Candidate => ({
        // Of the larger of the three, as subtracting near values leaves few digits.
        sql: `abs(${served} - ${recomputed} - (${quoteNumber(difference)})) <= ${quoteNumber(within)} * greatest(abs(${served}), abs(${recomputed}))`,
        tell: (share) => ({ kind: "offset", offset: difference, share }),
      }),
    ),
    ...rounded,
  ];
}

function lettersReason({ served, recomputed }: PairSql): Candidate {
  const plain = (text: string) => `lowerUTF8(trim(BOTH ' ' FROM assumeNotNull(${text})))`;
  return {
    sql: `${plain(served)} = ${plain(recomputed)}`,
    tell: (share) => ({ kind: "letter_case_or_blanks", share }),
  };
}

function neighbourReason({ kind }: PairedFeature, { served }: PairSql, index: number, tolerance: number): Candidate {
  const near = `near${index}`;
  const rows = OTHER_ROWS[index]!;
  return {
    sql: kind === "numeric" ? areClose(served, near, tolerance) : `${served} = ${near}`,
    tell: (share, seconds) => ({ kind: "other_row", rows, seconds, share }),
  };
}

/** The value of the row so many before this one, of the same entity, in the order of time. */
function neighbour(value: string, rows: number): string {
  const over = "OVER (PARTITION BY entity ORDER BY time, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)";
  return `${rows > 0 ? "lagInFrame" : "leadInFrame"}(${value}, ${Math.abs(rows)}) ${over}`;
}
