import type { Profile } from "@tidemark/schema";
import type { ModelKey } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import { slotSql } from "./season-slot.ts";
import { instant, KEY_CONDITION, keyParameters } from "./window-request.ts";

/** What the points of one metric, feature and key say happened in a window, in one season slot. */
export interface PointCount {
  readonly metric: string;
  readonly feature: string;
  readonly key: string;
  readonly slot: number;
  /** Histogram: number of values. Counter: what was added. */
  readonly count: number;
  /** Histogram: boundaries and boundaries.length + 1 counts. Counter: both empty. */
  readonly boundaries: readonly number[];
  readonly buckets: readonly number[];
}

export interface PointRequest {
  readonly key: ModelKey;
  readonly season: Profile["season"];
  readonly metrics: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

const HOUR_MS = 3_600_000;
/** How far before the window the last point of a series is looked for: mostly it is near. */
const LOOKBACKS_MS = [3 * HOUR_MS, 7 * 24 * HOUR_MS, Number.POSITIVE_INFINITY];

/**
 * Counts over (from, to] from metric points: delta points are added up, of cumulative points the last of each series
 * and hour is reduced by the one before it, or by nothing where the series starts. A point belongs to the hour of its
 * time less one nanosecond. Points of declared segments are left out: they repeat what the others count.
 */
export async function readPointCounts(store: Store, request: PointRequest): Promise<PointCount[]> {
  const parameters = {
    ...keyParameters(request.key),
    metrics: request.metrics,
    from: request.fromMs,
    to: request.toMs,
  };
  let baseMs = request.fromMs;
  for (const lookbackMs of LOOKBACKS_MS) {
    baseMs = Math.max(0, request.fromMs - lookbackMs);
    const [row] = await store.query<{ open: number }>(OPEN_SERIES, { ...parameters, base: baseMs });
    if (row === undefined || row.open === 0) break;
  }
  const rows = await store.query<Omit<PointCount, "boundaries"> & { readonly boundary: string }>(
    countsSql(request.season),
    { ...parameters, base: baseMs },
  );
  const boundaries = await readBoundaries(store, new Set(rows.map((row) => row.boundary)));
  return rows.map(({ boundary, ...row }) => ({ ...row, boundaries: boundaries.get(boundary) ?? [] }));
}

const POINTS = `FROM metric_point FINAL WHERE ${KEY_CONDITION} AND metric IN {metrics:Array(String)} AND segment = ''`;
const CUMULATIVE = `${POINTS} AND temporality = 'cumulative' AND time > ${instant("base")} AND time <= ${instant("to")}`;

/** Series whose earlier points, if there are any, lie before the look-back. */
const OPEN_SERIES = `
  SELECT toUInt32(count()) AS open
  FROM (SELECT min(time) AS first, start ${CUMULATIVE} GROUP BY series, start)
  WHERE first > ${instant("from")} AND start < ${instant("base")}`;

function countsSql(season: Profile["season"]): string {
  const hour = "intDiv(toUnixTimestamp64Nano(time) - 1, 3600000000000)";
  // Without a season the hours need not be told apart.
  const step = season === null ? "toInt64(0)" : hour;
  const slot = slotSql(season, "step");
  return `
    SELECT metric, feature, key, toString(boundary) AS boundary, toUInt32(slot) AS slot,
      toFloat64(sum(added)) AS count, arrayMap(n -> toFloat64(n), sumForEach(added_buckets)) AS buckets
    FROM (
      SELECT metric, feature, key, boundary, ${slot} AS slot,
        if(is_histogram, toInt64(count) - if(is_reset, 0, toInt64(last_count)), toInt64(round(sum - if(is_reset, 0, last_sum)))) AS added,
        if(is_reset OR empty(last_buckets), arrayMap(n -> toInt64(n), buckets),
          arrayMap((now, before) -> toInt64(now) - toInt64(before), buckets, last_buckets)) AS added_buckets
      FROM (
        SELECT metric, feature, key, boundary, step, count, sum, buckets, notEmpty(buckets) AS is_histogram,
          lagInFrame(count) OVER earlier AS last_count,
          lagInFrame(sum) OVER earlier AS last_sum,
          lagInFrame(buckets) OVER earlier AS last_buckets,
          if(is_histogram, count < last_count, sum < last_sum) AS is_reset
        FROM (
          SELECT metric, feature, key, boundary, series, start, if(time <= ${instant("from")}, toInt64(-1), ${step}) AS step,
            argMax(count, time) AS count, argMax(sum, time) AS sum, argMax(buckets, time) AS buckets
          ${CUMULATIVE} GROUP BY metric, feature, key, boundary, series, start, step
        )
        WINDOW earlier AS (PARTITION BY metric, feature, key, boundary, series, start ORDER BY step ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
      )
      WHERE step >= 0
      UNION ALL
      SELECT metric, feature, key, boundary, ${slotSql(season, step)} AS slot,
        if(notEmpty(buckets), toInt64(count), toInt64(round(sum))) AS added, arrayMap(n -> toInt64(n), buckets) AS added_buckets
      ${POINTS} AND temporality = 'delta' AND time > ${instant("from")} AND time <= ${instant("to")}
    )
    GROUP BY metric, feature, key, boundary, slot
    ORDER BY metric, feature, key, boundary, slot`;
}

async function readBoundaries(store: Store, hashes: ReadonlySet<string>): Promise<Map<string, readonly number[]>> {
  const wanted = [...hashes].filter((hash) => hash !== "0");
  if (wanted.length === 0) return new Map();
  const rows = await store.query<{ hash: string; boundaries: number[] }>(
    "SELECT toString(hash) AS hash, boundaries FROM boundary FINAL WHERE toString(hash) IN {hashes:Array(String)}",
    { hashes: wanted },
  );
  return new Map(rows.map((row) => [row.hash, row.boundaries]));
}
