import { wilsonInterval } from "@tidemark/stats";
import { readData } from "../profile/data-file.ts";
import { EngineSession } from "../store/engine-session.ts";
import { explainSkew, type PairQuery } from "./explain-skew.ts";
import type { FeatureSkew, SkewExample, SkewReport } from "./feature-skew.ts";
import { type LoadPairsOptions, loadPairs, PAIRS, type PairedFeature } from "./load-pairs.ts";
import { type PairSql, pairSql } from "./pair-sql.ts";

export interface CompareFeaturesOptions extends LoadPairsOptions {
  /** Numbers are the same up to this share of the larger one. */
  readonly tolerance: number;
}

const EXAMPLES = 3;

/**
 * Compares features as a service used them with the same predictions' features as computed again, joined by id: per feature the share of
 * rows that differ with Wilson's interval, what explains them, and the largest differences. The joined values are held in memory once.
 * Throws TidemarkError `dataUnreadable` for a file or column that cannot be used, with the nearest name.
 */
export async function compareFeatures(options: CompareFeaturesOptions): Promise<SkewReport> {
  const session = EngineSession.forFiles();
  try {
    const { counts, features, notRecorded, notRecomputed } = await loadPairs(session, options);
    const query: PairQuery = async <T>(sql: string) => {
      const bytes = await readData(session, options.recomputed, sql, "JSONEachRow");
      const lines = Buffer.from(bytes).toString("utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as T);
    };
    const compared: FeatureSkew[] = [];
    for (const [at, feature] of features.entries()) {
      compared.push(await compareFeature(query, feature, pairSql(feature, at, options.tolerance), options.tolerance));
    }
    compared.sort((a, b) => (b.share?.value ?? 0) - (a.share?.value ?? 0) || (a.name < b.name ? -1 : 1));
    return { ...counts, notRecorded, notRecomputed, features: compared };
  } finally {
    session.close();
    await EngineSession.drain();
  }
}

interface Counts {
  readonly rows: number;
  readonly pairs: number;
  readonly missingServed: number;
  readonly missingRecomputed: number;
}

async function compareFeature(
  query: PairQuery,
  feature: PairedFeature,
  sql: PairSql,
  tolerance: number,
): Promise<FeatureSkew> {
  const [counts] = await query<Counts>(`
    SELECT toFloat64(countIf(isNotNull(${sql.served}) OR isNotNull(${sql.recomputed}))) AS rows, toFloat64(countIf(${sql.differs})) AS pairs,
      toFloat64(countIf(${sql.missingServed})) AS missingServed, toFloat64(countIf(${sql.missingRecomputed})) AS missingRecomputed
    FROM ${PAIRS}`);
  const { rows, pairs, missingServed, missingRecomputed } = counts!;
  const differing = pairs + missingServed + missingRecomputed;
  return {
    ...feature,
    rows,
    differing,
    share: rows === 0 ? null : shareOf(differing, rows),
    missingServed,
    missingRecomputed,
    explanation: pairs === 0 ? null : await explainSkew(query, feature, sql, tolerance),
    examples: differing === 0 ? [] : await query<SkewExample>(examplesSql(feature, sql)),
  };
}

function shareOf(differing: number, rows: number): FeatureSkew["share"] {
  const [lower, upper] = wilsonInterval(differing, rows);
  return { value: differing / rows, lower, upper };
}

/** Two values before one, the largest difference of numbers or the most frequent pair of categories first. */
function examplesSql({ kind }: PairedFeature, sql: PairSql): string {
  const { served, recomputed, differs, missingServed, missingRecomputed } = sql;
  const where = `WHERE ${differs} OR ${missingServed} OR ${missingRecomputed}`;
  const isoTime = (seconds: string) =>
    `concat(replaceOne(toString(fromUnixTimestamp64Milli(toInt64(round(${seconds} * 1000)), 'UTC')), ' ', 'T'), 'Z')`;
  if (kind === "numeric") {
    return `SELECT id, trace_id AS traceId, ${isoTime("time")} AS time, ${served} AS served, ${recomputed} AS recomputed, toUInt32(1) AS rows
    FROM ${PAIRS} ${where} ORDER BY ${differs} DESC, abs(${served} - ${recomputed}) DESC, id LIMIT ${EXAMPLES}`;
  }
  return `SELECT min(id) AS id, argMin(trace_id, skew_pairs.id) AS traceId, ${isoTime("argMin(skew_pairs.time, skew_pairs.id)")} AS time,
      ${served} AS served, ${recomputed} AS recomputed, toFloat64(count()) AS rows
    FROM ${PAIRS} ${where} GROUP BY ${served}, ${recomputed} ORDER BY rows DESC, served, recomputed LIMIT ${EXAMPLES}`;
}
