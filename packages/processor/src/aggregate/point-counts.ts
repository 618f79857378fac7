import type { Profile } from "@tidemark/schema";
import type { QueryParameters } from "../store/bind-parameters.ts";
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
  /** Whose points; those of a process carry a tenant alone. */
  readonly key: PointKey;
  /** Only points of the services and instances that sent points of this model version in the window. */
  readonly servedModel?: ModelKey;
  readonly season: Profile["season"];
  readonly metrics: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export type PointKey = Pick<ModelKey, "tenant" | "model" | "version"> & { readonly role: string };

const HOUR_MS = 3_600_000;
/** Sums are added up in whole millionths, so that the result does not depend on the order. */
const UNITS = 1_000_000;
/** How far before the window the last point of a series is looked for: mostly it is near. */
const LOOKBACKS_MS = [3 * HOUR_MS, 7 * 24 * HOUR_MS, Number.POSITIVE_INFINITY];

/**
 * Counts over (from, to] from metric points: delta points are added up, of cumulative points the last of each series
 * and hour is reduced by the one before it, or by nothing where the series starts. A point belongs to the hour of its
 * time less one nanosecond. Points of declared segments are left out: they repeat what the others count.
 */
export async function readPointCounts(store: Store, request: PointRequest): Promise<PointCount[]> {
  const rows = await readCountRows(store, request);
  const boundaries = await readBoundaries(store, new Set(rows.map((row) => row.boundary)));
  return rows.map(({ boundary, open: _open, ...row }) => ({ ...row, boundaries: boundaries.get(boundary) ?? [] }));
}

/**
 * A series that had nothing to say for long has its last point far back (a weekday, six days). First everything is
 * counted with a short look-back, then only what was left open with longer ones.
 */
async function readCountRows(store: Store, request: PointRequest): Promise<CountRow[]> {
  const parameters = pointParameters(request);
  const sql = countsSql(request.season, request.servedModel === undefined ? "1" : SERVED);
  let settled: CountRow[] = [];
  let open: string[] = [];
  for (const lookbackMs of LOOKBACKS_MS) {
    const base = Math.max(0, request.fromMs - lookbackMs);
    const rows = await store.query<CountRow>(sql, { ...parameters, base, open });
    open = [...new Set(rows.filter((row) => row.open > 0).map(nameOf))];
    const isOpen = new Set(open);
    settled = [...settled, ...rows.filter((row) => !isOpen.has(nameOf(row)))];
    if (open.length === 0) break;
  }
  return settled.sort(byName);
}

/** Metric, feature and key as one text, as `NAME` makes it in SQL. */
function nameOf(row: CountRow): string {
  return [row.metric, row.feature, row.key].join("\n");
}

function byName(a: CountRow, b: CountRow): number {
  return compareText(nameOf(a), nameOf(b)) || compareText(a.boundary, b.boundary) || a.slot - b.slot;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The largest value that a gauge, or a sum that goes up and down, had in (from, to]; null without a point.
 * One metric; the season is not told apart.
 */
export async function readLargestValue(store: Store, request: Omit<PointRequest, "season">): Promise<number | null> {
  const [row] = await store.query<{ largest: number; rows: number }>(
    `SELECT max(sum) AS largest, toUInt32(count()) AS rows FROM metric_point FINAL
    WHERE ${KEY_CONDITION} AND metric IN {metrics:Array(String)} AND segment = ''
      AND time > ${instant("from")} AND time <= ${instant("to")} AND ${request.servedModel === undefined ? "1" : SERVED}`,
    pointParameters(request),
  );
  return row === undefined || row.rows === 0 ? null : row.largest;
}

interface CountRow extends Omit<PointCount, "boundaries"> {
  readonly boundary: string;
  /** Series that began before the look-back and have no point in it before the window: theirs may lie further back. */
  readonly open: number;
}

const NAME = "concat(metric, '\\n', feature, '\\n', key)";

/**
 * Delta points stand for themselves; of a cumulative series and hour only the last point counts. Each layer names what the
 * next one uses: an alias used twice within one SELECT is resolved twice, which cost more than the reading.
 */
function countsSql(season: Profile["season"], condition: string): string {
  // Without a season the hours need not be told apart.
  const hour = season === null ? "toInt64(0)" : "intDiv(toUnixTimestamp64Nano(time) - 1, 3600000000000)";
  const lastPoints = `
    SELECT metric, feature, key, boundary, series, start, temporality = 'cumulative' AS is_cumulative,
      if(time <= ${instant("from")}, toInt64(-1), ${hour}) AS step,
      if(temporality = 'cumulative', 0, toUnixTimestamp64Nano(time)) AS place,
      argMax((count, sum, buckets), time) AS point
    FROM metric_point FINAL
    WHERE ${KEY_CONDITION} AND metric IN {metrics:Array(String)} AND segment = '' AND temporality != 'gauge'
      AND time > ${instant("base")} AND time <= ${instant("to")} AND ${condition}
      AND (empty({open:Array(String)}) OR ${NAME} IN {open:Array(String)})
    GROUP BY metric, feature, key, boundary, series, start, is_cumulative, step, place`;
  const withEarlier = `
    SELECT metric, feature, key, boundary, start, is_cumulative, step, point,
      row_number() OVER earlier > 1 AS has_earlier, lagInFrame(point) OVER earlier AS last
    FROM (${lastPoints})
    WINDOW earlier AS (
      PARTITION BY metric, feature, key, boundary, series, start, is_cumulative ORDER BY step, place
      ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`;
  // A count that falls without a new start is a restart all the same: then nothing is taken off.
  const reduced = `
    SELECT metric, feature, key, boundary, step, point,
      is_cumulative AND NOT has_earlier AND start < ${instant("base")} AS is_open,
      if(is_cumulative AND has_earlier AND if(empty(point.3), point.2 >= last.2, point.1 >= last.1), last, (0, 0, [])) AS earlier
    FROM (${withEarlier}) WHERE step >= 0`;
  return `
    SELECT metric, feature, key, toString(boundary) AS boundary, toUInt32(${slotSql(season, "step")}) AS slot,
      toUInt32(sum(is_open)) AS open,
      toFloat64(sum(if(empty(point.3), toInt64(round(point.2 * ${UNITS})) - toInt64(round(earlier.2 * ${UNITS})),
        ${UNITS} * (toInt64(point.1) - toInt64(earlier.1))))) / ${UNITS} AS count,
      arrayMap(n -> toFloat64(n), sumForEach(arrayMap((now, before) -> toInt64(now) - toInt64(before), point.3,
        arrayResize(earlier.3, length(point.3))))) AS buckets
    FROM (${reduced})
    GROUP BY metric, feature, key, boundary, slot`;
}

/** The services and instances that sent points of a model in the window; with `pointParameters`. */
const SERVED = `(service, instance) IN (
  SELECT DISTINCT service, instance FROM metric_point
  WHERE tenant = {tenant:String} AND model = {servedModel:String} AND version = {servedVersion:String}
    AND role = {servedRole:String} AND time > ${instant("from")} AND time <= ${instant("to")})`;

function pointParameters({ key, servedModel, metrics, fromMs, toMs }: Omit<PointRequest, "season">): QueryParameters {
  const window = { ...keyParameters(key), metrics, from: fromMs, to: toMs };
  if (servedModel === undefined) return window;
  const { model, version, role } = servedModel;
  return { ...window, servedModel: model, servedVersion: version, servedRole: role };
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
