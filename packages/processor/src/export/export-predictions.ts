import type { ModelKey } from "../store/models.ts";
import type { Store } from "../store/store.ts";

const FORMATS = { parquet: "Parquet", csv: "CSVWithNames", jsonl: "JSONEachRow" } as const;

export async function exportPredictions(
  store: Store,
  request: { key: ModelKey; path: string; format: keyof typeof FORMATS },
): Promise<void> {
  const { key, path, format } = request;
  await store.queryToFile(
    `SELECT p.id AS id, p.ts AS time, p.version AS version, p.role AS role, p.score AS score, p.label AS label, p.value AS value, 1 / p.probability AS weight,
      o.label AS outcome_label, o.value AS outcome_value, o.ots AS outcome_time
    FROM (SELECT * FROM prediction FINAL WHERE tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}) AS p
    LEFT JOIN (SELECT * FROM outcome FINAL WHERE tenant = {tenant:String} AND model = {model:String}) AS o ON o.id = p.id ORDER BY time, id`,
    { ...key },
    path,
    FORMATS[format],
  );
}
