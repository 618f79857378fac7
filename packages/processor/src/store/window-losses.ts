import { metric } from "@tidemark/semconv";
import type { LossWindow } from "@tidemark/signals";
import type { ModelKey } from "./models.ts";
import type { Store } from "./store.ts";

/** The stored mean losses of a version's windows of a name against one profile, in order of time. */
export function readWindowLosses(
  store: Store,
  { key, windowName, profileId }: { readonly key: ModelKey; readonly windowName: string; readonly profileId: string },
): Promise<LossWindow[]> {
  const { tenant, model, version, role } = key;
  return store.query(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, toFloat64(toUnixTimestamp64Milli(end)) AS endMs, value AS mean,
      JSONExtractFloat(evidence, 'numbers', 'meanSquare') AS meanSquare, count AS rows, effective,
      JSONExtractFloat(evidence, 'numbers', 'maturity') AS maturity
    FROM measurement FINAL
    WHERE tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
      AND window_name = {windowName:String} AND signal = 'performance' AND metric = {metric:String}
      AND profile_id = {profileId:String}
    ORDER BY startMs`,
    { tenant, model, version, role, windowName, profileId, metric: metric.performanceLoss },
  );
}
