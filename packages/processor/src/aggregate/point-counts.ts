import type { ModelKey } from "../store/models.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { type HistogramTerm, sumHistograms } from "./merge-bins.ts";
import { type Season, slotOfHours } from "./season-slot.ts";
import { instant, KEY_CONDITION, keyParameters } from "./window-request.ts";

/** What the points of one metric, feature and key say happened in one hour of a window. */
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
  readonly season: Season;
  readonly metrics: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Points that can be used as they are, and so are not brought together with those of other boundaries. */
  readonly isUsable?: (point: PointCount) => boolean;
}

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
  const slotOf = slotOfHours(request.season);
  const counts = rows.map(({ boundary, open: _open, hour, ...row }) => ({
    ...row,
    slot: slotOf(hour),
    boundaries: boundaries.get(boundary) ?? [],
    hour,
  }));
  const { isUsable } = request;
  if (isUsable === undefined) return joinRebinned(counts);
  // A service that found its profile late has points on its boundaries beside what it discovered before.
  const { usable = [], other = [] } = Object.groupBy(counts, (row) => (isUsable(row) ? "usable" : "other"));
  return [...usable.map(withoutHour), ...joinRebinned(other)];
}

type HourCount = PointCount & { readonly hour: number };

function withoutHour({ hour: _hour, ...row }: HourCount): PointCount {
  return row;
}

/**
 * A series whose boundaries change while it counts on, as an exponential histogram's do, has in that hour what it came to
 * on its new boundaries and, negative, what it came from on the old ones: brought together on those that both allow.
 */
function joinRebinned(rows: readonly HourCount[]): PointCount[] {
  const groups = Map.groupBy(rows, (row) => `${nameOf(row)}\n${row.hour}`);
  return [...groups.values()].flatMap((group) => {
    const isRebinned = group.length > 1 && group.some((row) => row.buckets.some((count) => count < 0));
    const counts = group.map(withoutHour);
    if (!isRebinned) return counts;
    const terms = counts.map((row): HistogramTerm => ({ boundaries: row.boundaries, counts: row.buckets }));
    const { boundaries, counts: buckets } = sumHistograms(terms);
    return [{ ...counts[0]!, boundaries, buckets, count: counts.reduce((sum, { count }) => sum + count, 0) }];
  });
}

/**
 * A series that had nothing to say for long has its last point far back (a weekday, six days). First everything is
 * counted with a short look-back, then only what was left open with longer ones.
 */
async function readCountRows(store: Store, request: PointRequest): Promise<CountRow[]> {
  const { key, metrics, fromMs, toMs, season } = request;
  const parameters = { ...keyParameters(key), metrics, from: fromMs, to: toMs };
  const sql = countsSql(season.season !== null);
  const settled: (readonly CountRow[])[] = [];
  let open: string[] = [];
  for (const lookbackMs of LOOKBACKS_MS) {
    const base = Math.max(0, request.fromMs - lookbackMs);
    const rows = readRows(await store.queryRowBinary(sql, { ...parameters, base, open }));
    const isOpen = new Set(rows.filter((row) => row.open > 0).map(nameOf));
    settled.push(isOpen.size === 0 ? rows : rows.filter((row) => !isOpen.has(nameOf(row))));
    if (isOpen.size === 0) break;
    open = [...isOpen];
  }
  return settled.flat();
}

function readRows(bytes: Uint8Array): CountRow[] {
  const reader = new RowReader(bytes);
  const rows: CountRow[] = [];
  while (!reader.done) {
    rows.push({
      metric: reader.string(),
      feature: reader.string(),
      key: reader.string(),
      boundary: reader.string(),
      hour: reader.uint32(),
      open: reader.uint32(),
      count: reader.float64(),
      buckets: Array.from({ length: reader.length() }, () => reader.float64()),
    });
  }
  return rows;
}

/** Metric, feature and key as one text, as `NAME` makes it in SQL. */
function nameOf(row: Pick<CountRow, "metric" | "feature" | "key">): string {
  return `${row.metric}\n${row.feature}\n${row.key}`;
}

interface CountRow extends Omit<PointCount, "boundaries" | "slot"> {
  /** Hours since the epoch; 0 without a season. */
  readonly hour: number;
  readonly boundary: string;
  /** Series that began before the look-back and have no point in it before the window: theirs may lie further back. */
  readonly open: number;
}

const NAME = "concat(metric, '\\n', feature, '\\n', key)";

/**
 * Delta points stand for themselves; of a cumulative series and hour only the last point counts. Each layer names what the
 * next one uses: an alias used twice within one SELECT is resolved twice, which cost more than the reading.
 */
function countsSql(hasSeason: boolean): string {
  // Without a season the hours need not be told apart.
  const hour = hasSeason ? "intDiv(toUnixTimestamp64Nano(time) - 1, 3600000000000)" : "toInt64(0)";
  const lastPoints = `
    SELECT metric, feature, key, series, start, temporality = 'cumulative' AS is_cumulative,
      if(time <= ${instant("from")}, toInt64(-1), ${hour}) AS step,
      if(temporality = 'cumulative', 0, toUnixTimestamp64Nano(time)) AS place,
      argMax((count, sum, buckets, boundary), time) AS point
    FROM metric_point FINAL
    WHERE ${KEY_CONDITION} AND metric IN {metrics:Array(String)} AND segment = '' AND temporality != 'gauge'
      AND time > ${instant("base")} AND time <= ${instant("to")}
      AND (empty({open:Array(String)}) OR ${NAME} IN {open:Array(String)})
    GROUP BY metric, feature, key, series, start, is_cumulative, step, place`;
  const withEarlier = `
    SELECT metric, feature, key, start, is_cumulative, step, point,
      row_number() OVER earlier > 1 AS has_earlier, lagInFrame(point) OVER earlier AS last
    FROM (${lastPoints})
    WINDOW earlier AS (
      PARTITION BY metric, feature, key, series, start, is_cumulative ORDER BY step, place
      ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`;
  // A count that falls without a new start is a restart all the same: then nothing is taken off.
  const reduced = `
    SELECT metric, feature, key, step, point,
      is_cumulative AND NOT has_earlier AND start < ${instant("base")} AS is_open,
      if(is_cumulative AND has_earlier AND if(empty(point.3), point.2 >= last.2, point.1 >= last.1), last,
        ${NOTHING}) AS earlier
    FROM (${withEarlier}) WHERE step >= 0`;
  // Where the boundaries changed, what is taken off stands on its own: it belongs to other bins.
  const terms = `
    SELECT metric, feature, key, step, is_open,
      arrayJoin(if(empty(earlier.3) OR earlier.4 = point.4, [(point, earlier)],
        [(point, ${NOTHING}), ((toUInt64(0), 0., arrayResize(emptyArrayUInt64(), length(earlier.3)), earlier.4), earlier)])) AS term
    FROM (${reduced})`;
  const parts = "SELECT metric, feature, key, step, is_open, term.1 AS point, term.2 AS earlier";
  return `
    SELECT metric, feature, key, toString(point.4) AS boundary, toUInt32(step) AS hour,
      toUInt32(sum(is_open)) AS open,
      toFloat64(sum(if(empty(point.3), toInt64(round(point.2 * ${UNITS})) - toInt64(round(earlier.2 * ${UNITS})),
        ${UNITS} * (toInt64(point.1) - toInt64(earlier.1))))) / ${UNITS} AS count,
      arrayMap(n -> toFloat64(n), sumForEach(arrayMap((now, before) -> toInt64(now) - toInt64(before), point.3,
        arrayResize(earlier.3, length(point.3))))) AS buckets
    FROM (${parts} FROM (${terms}))
    GROUP BY metric, feature, key, boundary, hour ORDER BY metric, feature, key, boundary, hour`;
}

/** A point that takes nothing off: count, sum, buckets, hash of the boundaries. */
const NOTHING = "(toUInt64(0), 0., emptyArrayUInt64(), toUInt64(0))";

/** Boundaries by hash of their content, which never changes; a store sees few. */
const knownBoundaries = new WeakMap<Store, Map<string, readonly number[]>>();

async function readBoundaries(store: Store, hashes: ReadonlySet<string>): Promise<Map<string, readonly number[]>> {
  const known = knownBoundaries.get(store) ?? new Map<string, readonly number[]>();
  knownBoundaries.set(store, known);
  const wanted = [...hashes].filter((hash) => hash !== "0" && !known.has(hash));
  if (wanted.length === 0) return known;
  const rows = await store.query<{ hash: string; boundaries: number[] }>(
    "SELECT toString(hash) AS hash, boundaries FROM boundary FINAL WHERE toString(hash) IN {hashes:Array(String)}",
    { hashes: wanted },
  );
  for (const { hash, boundaries } of rows) known.set(hash, boundaries);
  return known;
}
