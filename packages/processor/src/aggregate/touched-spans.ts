import type { DeploymentRole } from "@tidemark/schema";
import type { QueryParameters } from "../store/bind-parameters.ts";
import type { Store } from "../store/store.ts";
import { instant } from "./window-request.ts";

/** A span of event time of a model version whose counts may have changed. */
export interface TouchedSpan {
  readonly version: string;
  readonly role: DeploymentRole;
  /** Its start, Unix milliseconds. */
  readonly startMs: number;
  /** When the last of it arrived, Unix milliseconds. */
  readonly receivedMs: number;
}

/** Older points than these, before the newest that arrived, are looked at by themselves: of few series, over a long time. */
const RECENT_NS = 3n * 3_600_000_000_000n;

/** Outcomes whose predictions are looked for at once: measured, 120 MB of memory. */
const OUTCOMES_AT_ONCE = 1_000_000;

/**
 * Spans of a length, counted from 1970, whose predictions, metric points or joined outcomes arrived at or after a time, in order. A late cumulative point
 * also touches the span of the series' next point, which was reduced by an earlier one before; what one series sends days late has only its own points
 * read since then. Outcomes are joined by a hash
 * of their ids, slice by slice of it, so that memory stays the same however many came; two ids of one hash (one pair in
 * 10^19) would touch a span too many, which is judged again with the same result.
 */
export async function touchedSpans(
  store: Store,
  key: { readonly tenant: string; readonly model: string },
  receivedFromMs: number,
  spanMs: number,
  outcomesAtOnce = OUTCOMES_AT_ONCE,
): Promise<TouchedSpan[]> {
  const parameters = { tenant: key.tenant, model: key.model, received: receivedFromMs, span: spanMs };
  const [arrived] = await store.query<Arrived>(ARRIVALS, parameters);
  if (arrived === undefined) return [];
  const { firstId, lastId } = arrived;
  const slices = Math.ceil(arrived.outcomes / outcomesAtOnce);
  const spans = new TouchedSpans();
  const read = async (part: string, more: QueryParameters = {}) => {
    const sql = `
      SELECT version, role, toFloat64(span * {span:Int64}) AS startMs, toFloat64(toUnixTimestamp64Milli(max(arrival))) AS receivedMs
      FROM (${part}) GROUP BY version, role, span`;
    for (const span of await store.query<TouchedSpan>(sql, { ...parameters, ...more })) spans.add(span);
  };
  if (arrived.predictions > 0) await read(PREDICTIONS);
  for (let slice = 0; slice < slices; slice++) await read(JOINED_OUTCOMES, { firstId, lastId, slices, slice });
  if (arrived.points > 0) await read(POINTS);
  for (const [from, to] of pointSpans(arrived)) await read(NEXT_POINTS, { from: `${from}`, to: `${to}` });
  return spans.inOrder();
}

/** The times of the points that arrived, [from, to) in nanoseconds: the recent ones, and those before. */
function pointSpans({ points, firstPoint, lastPoint }: Arrived): [bigint, bigint][] {
  if (points === 0) return [];
  const [first, end] = [BigInt(firstPoint), BigInt(lastPoint) + 1n];
  const recent = end - RECENT_NS;
  return first < recent
    ? [
        [first, recent],
        [recent, end],
      ]
    : [[first, end]];
}

/** Each span once, with its last arrival. */
class TouchedSpans {
  readonly #spans = new Map<string, TouchedSpan>();

  add(span: TouchedSpan): void {
    const name = JSON.stringify([span.version, span.role, span.startMs]);
    const known = this.#spans.get(name);
    if (known === undefined || known.receivedMs < span.receivedMs) this.#spans.set(name, span);
  }

  inOrder(): TouchedSpan[] {
    const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
    return [...this.#spans.values()].sort(
      (a, b) => compare(a.version, b.version) || compare(a.role, b.role) || a.startMs - b.startMs,
    );
  }
}

interface Arrived {
  readonly predictions: number;
  readonly outcomes: number;
  readonly points: number;
  /** Least and greatest id of the outcomes: ids that rise with time leave few predictions to look at. */
  readonly firstId: string;
  readonly lastId: string;
  /** Earliest and latest time of the points, Unix nanoseconds. */
  readonly firstPoint: string;
  readonly lastPoint: string;
}

const MODEL = "tenant = {tenant:String} AND model = {model:String}";
const ARRIVED = `${MODEL} AND rx >= ${instant("received")}`;
/** Of nanoseconds, the number of the span that they are in. */
const spanOf = (nanoseconds: string) => `intDiv(${nanoseconds}, {span:Int64} * 1000000)`;

const ARRIVALS = `
  SELECT p.n AS predictions, o.n AS outcomes, o.firstId AS firstId, o.lastId AS lastId, m.n AS points, m.firstPoint AS firstPoint, m.lastPoint AS lastPoint
  FROM (SELECT toFloat64(count()) AS n FROM prediction WHERE ${ARRIVED}) AS p,
    (SELECT toFloat64(count()) AS n, min(id) AS firstId, max(id) AS lastId FROM outcome WHERE ${ARRIVED}) AS o,
    (SELECT toFloat64(count()) AS n, toString(toUnixTimestamp64Nano(min(time))) AS firstPoint, toString(toUnixTimestamp64Nano(max(time))) AS lastPoint FROM metric_point WHERE ${ARRIVED}) AS m`;

const PREDICTIONS = `
  SELECT version, role, ${spanOf("toUnixTimestamp64Nano(ts)")} AS span, max(rx) AS arrival
  FROM prediction WHERE ${ARRIVED} GROUP BY version, role, span`;

const IN_SLICE = "sipHash64(id) % {slices:UInt32} = {slice:UInt32}";

const JOINED_OUTCOMES = `
  SELECT p.version AS version, p.role AS role, p.span AS span, o.arrival AS arrival
  FROM (
    SELECT version, role, ${spanOf("toUnixTimestamp64Nano(ts)")} AS span, sipHash64(id) AS hash FROM prediction
    WHERE ${MODEL} AND id >= {firstId:String} AND id <= {lastId:String} AND ${IN_SLICE}
  ) AS p
  INNER JOIN (SELECT sipHash64(id) AS hash, rx AS arrival FROM outcome WHERE ${ARRIVED} AND ${IN_SLICE}) AS o ON o.hash = p.hash
  SETTINGS join_algorithm = 'hash'`;

const POINTS = `
  SELECT version, role, ${spanOf("toUnixTimestamp64Nano(time) - 1")} AS span, max(rx) AS arrival
  FROM metric_point WHERE ${ARRIVED} GROUP BY version, role, span`;

const LATE = `${ARRIVED} AND temporality = 'cumulative' AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;

const NEXT_POINTS = `
  SELECT late.version AS version, late.role AS role, ${spanOf("toUnixTimestamp64Nano(next.time) - 1")} AS span, late.rx AS arrival
  FROM (SELECT version, role, series, start, time, rx FROM metric_point WHERE ${LATE}) AS late
  ASOF INNER JOIN (
    SELECT series, start, time FROM metric_point
    WHERE ${MODEL} AND temporality = 'cumulative' AND time > fromUnixTimestamp64Nano({from:Int64}, 'UTC')
      AND series IN (SELECT series FROM metric_point WHERE ${LATE})
  ) AS next ON next.series = late.series AND next.start = late.start AND next.time > late.time`;
