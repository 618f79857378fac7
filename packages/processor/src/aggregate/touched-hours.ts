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
export function touchedHours(
  store: Store,
  key: { readonly tenant: string; readonly model: string },
  receivedFromMs: number,
): Promise<TouchedHour[]> {
  return store.query<TouchedHour>(TOUCHED, { tenant: key.tenant, model: key.model, received: receivedFromMs });
}

const MODEL = "tenant = {tenant:String} AND model = {model:String}";
const ARRIVED = `${MODEL} AND rx >= ${instant("received")}`;
const HOUR_NS = "3600000000000";
const NEW_OUTCOMES = `SELECT id FROM outcome WHERE ${ARRIVED}`;

const TOUCHED = `
  SELECT version, role, toFloat64(hour * 3600000) AS hourMs, toFloat64(toUnixTimestamp64Milli(max(rx))) AS receivedMs
  FROM (
    SELECT version, role, intDiv(toUnixTimestamp64Nano(ts), ${HOUR_NS}) AS hour, rx FROM prediction WHERE ${ARRIVED}
    UNION ALL
    SELECT p.version, p.role, intDiv(toUnixTimestamp64Nano(p.ts), ${HOUR_NS}) AS hour, o.received AS rx
    FROM (
      SELECT version, role, ts, id FROM prediction
      WHERE ${MODEL} AND id >= (SELECT min(id) FROM (${NEW_OUTCOMES})) AND id <= (SELECT max(id) FROM (${NEW_OUTCOMES})) AND id IN (${NEW_OUTCOMES})
    ) AS p
    INNER JOIN (SELECT id, max(rx) AS received FROM outcome WHERE ${ARRIVED} GROUP BY id) AS o ON o.id = p.id
    UNION ALL
    SELECT version, role, intDiv(toUnixTimestamp64Nano(time) - 1, ${HOUR_NS}) AS hour, rx FROM metric_point WHERE ${ARRIVED}
    UNION ALL
    SELECT late.version, late.role, intDiv(toUnixTimestamp64Nano(next.time) - 1, ${HOUR_NS}) AS hour, late.rx AS rx
    FROM (SELECT version, role, series, start, time, rx FROM metric_point WHERE ${ARRIVED} AND temporality = 'cumulative') AS late
    ASOF INNER JOIN (
      SELECT series, start, time FROM metric_point
      WHERE ${MODEL} AND temporality = 'cumulative' AND time > (SELECT min(time) FROM metric_point WHERE ${ARRIVED})
    ) AS next ON next.series = late.series AND next.start = late.start AND next.time > late.time
  )
  GROUP BY version, role, hour
  ORDER BY version, role, hour`;
