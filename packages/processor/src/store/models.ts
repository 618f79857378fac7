import type { DeploymentRole } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { Store } from "./store.ts";

/** One version of a model in one role: the unit that is judged. */
export interface ModelKey {
  readonly tenant: string;
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
}

export interface ModelSummary extends ModelKey {
  /** First and last event time, Unix milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Stored prediction records; for a model that sends none, what its counters say. */
  readonly predictions: number;
  readonly outcomes: number;
}

/**
 * Every model version of a tenant that has sent a prediction or a metric point, by key. `outcomes` is the number of stored
 * outcomes of the whole model, whichever version they belong to.
 */
export async function listModels(store: Store, tenant: string): Promise<ModelSummary[]> {
  const [records, points, outcomes] = await Promise.all([
    store.query<Omit<ModelSummary, "outcomes">>(RECORDS, { tenant }),
    store.query<Omit<ModelSummary, "outcomes">>(POINTS, { tenant, metric: metric.inferencePredictions }),
    store.query<{ tenant: string; model: string; outcomes: number }>(OUTCOMES, { tenant }),
  ]);
  const byKey = new Map(points.map((row) => [keyText(row), row]));
  for (const row of records) {
    const other = byKey.get(keyText(row)) ?? row;
    const firstMs = Math.min(row.firstMs, other.firstMs);
    byKey.set(keyText(row), { ...row, firstMs, lastMs: Math.max(row.lastMs, other.lastMs) });
  }
  const outcomeCounts = new Map(outcomes.map((row) => [JSON.stringify([row.tenant, row.model]), row.outcomes]));
  return [...byKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, outcomes: outcomeCounts.get(JSON.stringify([row.tenant, row.model])) ?? 0 }));
}

/** A ModelKey as one string, for maps and for order. */
export function keyText(key: Pick<ModelKey, "tenant" | "model" | "version" | "role">): string {
  return JSON.stringify([key.tenant, key.model, key.version, key.role]);
}

const RECORDS = `
  SELECT tenant, model, version, role, toFloat64(toUnixTimestamp64Milli(min(ts))) AS firstMs,
    toFloat64(toUnixTimestamp64Milli(max(ts))) AS lastMs, toFloat64(count()) AS predictions
  FROM prediction FINAL WHERE tenant = {tenant:String} GROUP BY tenant, model, version, role`;

const POINTS = `
  SELECT tenant, model, version, role, min(first) AS firstMs, max(last) AS lastMs, sum(predicted) AS predictions
  FROM (
    SELECT tenant, model, version, role, toFloat64(toUnixTimestamp64Milli(min(start))) AS first,
      toFloat64(toUnixTimestamp64Milli(max(time))) AS last,
      if(metric = {metric:String}, if(temporality = 'delta', sum(sum), max(sum)), 0) AS predicted
    FROM metric_point FINAL WHERE tenant = {tenant:String} AND model != ''
    GROUP BY tenant, model, version, role, metric, series, start, temporality
  ) GROUP BY tenant, model, version, role`;

const OUTCOMES = `SELECT tenant, model, toFloat64(uniqExact(id)) AS outcomes FROM outcome WHERE tenant = {tenant:String} GROUP BY tenant, model`;
