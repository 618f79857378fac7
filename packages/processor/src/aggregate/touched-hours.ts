import type { DeploymentRole } from "@tidemark/schema";
import type { Store } from "../store/store.ts";
import { instant } from "./window-request.ts";

/** An hour of event time of a model version whose counts may have changed. */
export interface TouchedHour {
  readonly version: string;
  readonly role: DeploymentRole;
  /** Start of the hour, Unix milliseconds. */
  readonly hourMs: number;
  /** When the last of it arrived, Unix milliseconds. */
  readonly receivedMs: number;
}

/**
 * Hours whose predictions, metric points or joined outcomes arrived at or after a time, in order. A late cumulative point
 * also touches the hour of the series' next point, which was reduced by an earlier one before.
 */
export async function touchedHours(
  store: Store,
  key: { readonly tenant: string; readonly model: string },
  receivedFromMs: number,
): Promise<TouchedHour[]> {
  const parameters = { tenant: key.tenant, model: key.model, received: receivedFromMs };
  const [arrived] = await store.query<Arrived>(ARRIVALS, parameters);
  if (arrived === undefined || arrived.predictions + arrived.outcomes + arrived.points === 0) return [];
  const parts = [
    ...(arrived.predictions > 0 ? [PREDICTIONS] : []),
    ...(arrived.outcomes > 0 ? [JOINED_OUTCOMES] : []),
    ...(arrived.points > 0 ? [POINTS, NEXT_POINTS] : []),
  ];
  return store.query<TouchedHour>(
    `SELECT version, role, toFloat64(hour * 3600000) AS hourMs, toFloat64(toUnixTimestamp64Milli(max(arrival))) AS receivedMs
    FROM (${parts.join(" UNION ALL ")})
    GROUP BY version, role, hour ORDER BY version, role, hour`,
    { ...parameters, firstId: arrived.firstId, lastId: arrived.lastId, firstPoint: arrived.firstPoint },
  );
}

interface Arrived {
  readonly predictions: number;
  readonly outcomes: number;
  readonly points: number;
  /** Least and greatest id of the outcomes: ids that rise with time leave few predictions to look at. */
  readonly firstId: string;
  readonly lastId: string;
  /** Earliest time of the points, Unix nanoseconds. */
  readonly firstPoint: string;
}

const MODEL = "tenant = {tenant:String} AND model = {model:String}";
const ARRIVED = `${MODEL} AND rx >= ${instant("received")}`;
const HOUR_NS = "3600000000000";

const ARRIVALS = `
  SELECT p.n AS predictions, o.n AS outcomes, o.firstId AS firstId, o.lastId AS lastId, m.n AS points, m.firstPoint AS firstPoint
  FROM (SELECT toFloat64(count()) AS n FROM prediction WHERE ${ARRIVED}) AS p,
    (SELECT toFloat64(count()) AS n, min(id) AS firstId, max(id) AS lastId FROM outcome WHERE ${ARRIVED}) AS o,
    (SELECT toFloat64(count()) AS n, toString(toUnixTimestamp64Nano(min(time))) AS firstPoint FROM metric_point WHERE ${ARRIVED}) AS m`;

const PREDICTIONS = `
  SELECT version, role, intDiv(toUnixTimestamp64Nano(ts), ${HOUR_NS}) AS hour, max(rx) AS arrival
  FROM prediction WHERE ${ARRIVED} GROUP BY version, role, hour`;

const JOINED_OUTCOMES = `
  SELECT p.version AS version, p.role AS role, intDiv(toUnixTimestamp64Nano(p.ts), ${HOUR_NS}) AS hour, o.arrival AS arrival
  FROM (
    SELECT version, role, ts, id FROM prediction
    WHERE ${MODEL} AND id >= {firstId:String} AND id <= {lastId:String} AND id IN (SELECT id FROM outcome WHERE ${ARRIVED})
  ) AS p
  INNER JOIN (SELECT id, max(rx) AS arrival FROM outcome WHERE ${ARRIVED} GROUP BY id) AS o ON o.id = p.id`;

const POINTS = `
  SELECT version, role, intDiv(toUnixTimestamp64Nano(time) - 1, ${HOUR_NS}) AS hour, max(rx) AS arrival
  FROM metric_point WHERE ${ARRIVED} GROUP BY version, role, hour`;

const NEXT_POINTS = `
  SELECT late.version AS version, late.role AS role, intDiv(toUnixTimestamp64Nano(next.time) - 1, ${HOUR_NS}) AS hour, late.rx AS arrival
  FROM (SELECT version, role, series, start, time, rx FROM metric_point WHERE ${ARRIVED} AND temporality = 'cumulative') AS late
  ASOF INNER JOIN (
    SELECT series, start, time FROM metric_point
    WHERE ${MODEL} AND temporality = 'cumulative' AND time > fromUnixTimestamp64Nano({firstPoint:Int64}, 'UTC')
  ) AS next ON next.series = late.series AND next.start = late.start AND next.time > late.time`;
