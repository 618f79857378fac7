import { RESOURCE_METRIC } from "@tidemark/otlp";
import type { Store } from "./store.ts";

/** What a resource said of a model version, and from when to when in event time, Unix milliseconds. */
export interface ModelPlace {
  readonly model: string;
  readonly version: string;
  readonly role: string;
  readonly service: string;
  /** Attribute of the resource, such as `host.name`. */
  readonly attribute: string;
  readonly value: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Where and as what a tenant's models ran, as far as their metric points are kept; those that send none have no place. */
export function readModelPlaces(store: Store, tenant: string): Promise<ModelPlace[]> {
  return store.query(
    `SELECT model, version, role, service, substring(segment, 1, position(segment, '=') - 1) AS attribute,
      substring(segment, position(segment, '=') + 1) AS value,
      toFloat64(toUnixTimestamp64Milli(min(start))) AS firstMs, toFloat64(toUnixTimestamp64Milli(max(time))) AS lastMs
    FROM metric_point WHERE tenant = {tenant:String} AND metric = {metric:String}
    GROUP BY model, version, role, service, segment ORDER BY model, version, role, service, segment`,
    { tenant, metric: RESOURCE_METRIC },
  );
}
