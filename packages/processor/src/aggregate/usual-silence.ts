import { CRITICAL_MINUTES, isSeldom, SILENCE_WEEKS, type SilenceLines, silenceLines } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { WEEK_MS, weeksBefore } from "./wall-clock.ts";
import { instant } from "./window-request.ts";

/** What is usual of the silence of a model after its newest record. */
export interface UsualSilence {
  /** Null where too few weeks are known. */
  readonly lines: SilenceLines | null;
  /** Earlier weeks in which the processor was there to see what came. */
  readonly weeks: number;
}

interface ModelName {
  readonly tenant: string;
  readonly model: string;
}

interface NewestRecord extends ModelName {
  /** Time of the newest prediction or point, Unix milliseconds. */
  readonly newestMs: number;
}

const HOUR_MS = 3_600_000;
const WEEKS = Array.from({ length: SILENCE_WEEKS }, (_, index) => index + 1);
/** A week before, by number, and its instant. */
type EarlierWeek = readonly [week: number, fromMs: number];

/** How far the earlier weeks are read: mostly the minutes that are wanted come soon. */
const SPANS_MS = [2 * HOUR_MS, 24 * HOUR_MS, WEEK_MS];

/**
 * What came of a model, all versions and roles together, after the same instant of the weeks before on the zone's wall clock (undefined: UTC), by when it
 * had been seen: what is sent late is as late every week. Weeks before anything arrived are not known; what was loaded from earlier times was not seen then.
 */
export async function readUsualSilence(
  store: Store,
  { tenant, model, newestMs }: NewestRecord,
  timeZone: string | undefined,
): Promise<UsualSilence> {
  const of = { tenant, model };
  const firstMs = await readFirstSeen(store, of);
  const earlier = WEEKS.map((week): EarlierWeek => [week, weeksBefore(newestMs, week, timeZone)]);
  const known = firstMs === null ? [] : earlier.filter(([, fromMs]) => fromMs >= firstMs);
  let weeks: readonly (readonly number[])[] = known.map(() => []);
  for (const spanMs of known.length === 0 ? [] : SPANS_MS) {
    weeks = await readSeenMinutes(store, of, known, spanMs);
    if (weeks.every((minutes) => (minutes[CRITICAL_MINUTES - 1] ?? Number.POSITIVE_INFINITY) <= spanMs)) break;
  }
  const longestMs = isSeldom(weeks) ? await readLongestAge(store, of, known.at(-1)?.[1] ?? newestMs) : null;
  return { lines: silenceLines(weeks, longestMs), weeks: known.length };
}

async function readFirstSeen(store: Store, of: ModelName): Promise<number | null> {
  const [row] = await store.query<{ count: number; firstMs: number }>(
    `SELECT toFloat64(count()) AS count, toFloat64(greatest(min(at), min(rx))) AS firstMs FROM (${records("1", "1")})`,
    { ...of },
  );
  return row === undefined || row.count === 0 ? null : row.firstMs;
}

/** Of each week when its minutes with records had been seen, rising, as many as are wanted; milliseconds from the week's instant on. */
async function readSeenMinutes(
  store: Store,
  of: ModelName,
  weeks: readonly EarlierWeek[],
  spanMs: number,
): Promise<number[][]> {
  const inAWeek = (column: string) =>
    weeks
      .map(([week]) => `(${column} > ${instant(`from${week}`)} AND ${column} <= ${instant(`to${week}`)})`)
      .join(" OR ");
  const starts = `[${weeks.map(([week]) => `(${week}, {from${week}:Int64})`).join()}]`;
  const start = `arrayJoin(arrayFilter(start -> at > start.2 AND at <= start.2 + ${spanMs}, ${starts}))`;
  const rows = await store.query<{ week: number; seen: number }>(
    `SELECT start.1 AS week, toFloat64(min(greatest(at, rx)) - start.2) AS seen
    FROM (SELECT ${start} AS start, at, rx FROM (${records(inAWeek("ts"), inAWeek("time"))}))
    GROUP BY start, intDiv(at, 60000) HAVING seen <= ${WEEK_MS} ORDER BY week, seen LIMIT ${CRITICAL_MINUTES} BY week`,
    {
      ...of,
      ...Object.fromEntries(weeks.map(([week, fromMs]) => [`from${week}`, fromMs])),
      ...Object.fromEntries(weeks.map(([week, fromMs]) => [`to${week}`, fromMs + spanMs])),
    },
  );
  return weeks.map(([week]) => rows.filter((row) => Number(row.week) === week).map(({ seen }) => seen));
}

/**
 * The second longest age of the data, from its newest record to the minute in which the next arrived, since a time: of a silence that comes every
 * week there are several, and one outage counts for nothing. Null where there are not two.
 */
async function readLongestAge(store: Store, of: ModelName, fromMs: number): Promise<number | null> {
  const [row] = await store.query<{ age: number }>(
    `SELECT toFloat64(minute * 60000 - before) AS age FROM (
      SELECT minute, max(newest) OVER earlier AS before, count() OVER earlier AS others
      FROM (
        SELECT intDiv(greatest(at, rx), 60000) AS minute, max(at) AS newest
        FROM (${records(`ts >= ${instant("from")}`, `time >= ${instant("from")}`)}) GROUP BY minute
      )
      WINDOW earlier AS (ORDER BY minute ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) WHERE others > 0 ORDER BY age DESC LIMIT 1 OFFSET 1`,
    { ...of, from: fromMs },
  );
  return row === undefined ? null : row.age;
}

/** Time and arrival of predictions and points, milliseconds. Repeated records change nothing, so that none are looked for. */
function records(predictions: string, points: string): string {
  const columns = (time: string) => `toUnixTimestamp64Milli(${time}) AS at, toUnixTimestamp64Milli(rx) AS rx`;
  const isModel = "tenant = {tenant:String} AND model = {model:String}";
  return `SELECT ${columns("ts")} FROM prediction WHERE ${isModel} AND (${predictions})
    UNION ALL SELECT ${columns("time")} FROM metric_point WHERE ${isModel} AND (${points})`;
}
