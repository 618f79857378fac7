import { canonicalJson, type Measurement } from "@tidemark/schema";
import type { QueryParameters } from "./bind-parameters.ts";
import { encodeModelKey } from "./encode-model-key.ts";
import type { ModelKey } from "./models.ts";
import { RowBuffer } from "./row-buffer.ts";
import { revisionVersion, versionRevisionSql } from "./row-version.ts";
import type { Store } from "./store.ts";

/** Which measurements to read; what is left out does not restrict. */
export interface MeasurementFilter {
  readonly tenant?: string;
  readonly model?: string;
  readonly version?: string;
  readonly role?: string;
  readonly windowName?: string;
  readonly signal?: string;
  readonly targetKind?: string;
  readonly target?: string;
  readonly metric?: string;
  /** Canonical JSON of all further attributes. */
  readonly attributes?: string;
  /** Windows that start at or after this Unix time in milliseconds. */
  readonly fromMs?: number;
  /** Windows that start before it. */
  readonly toMs?: number;
  /** Only each model version's newest window of each name. */
  readonly latest?: boolean;
}

/**
 * Stores measurements; of two with the same model, window, target, metric and attributes that of the later owner stays, and
 * of one owner's the higher revision.
 */
export async function saveMeasurements(
  store: Store,
  measurements: readonly Measurement[],
  nowMs = Date.now(),
): Promise<void> {
  if (measurements.length === 0) return;
  const rows = new RowBuffer();
  for (const measurement of measurements) {
    encodeMeasurement(rows, measurement, revisionVersion(store, measurement.revision));
  }
  await store.insert("measurement", [rows.toBytes()], nowMs);
}

/** How many measurements the filter lets through at most: revisions that are not merged yet are counted apart. */
export async function countMeasurements(store: Store, filter: MeasurementFilter): Promise<number> {
  const { where, parameters } = toWhere(filter);
  const [row] = await store.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM measurement WHERE ${where}`,
    parameters,
  );
  return row?.rows ?? 0;
}

/** The latest revision of each measurement that the filter lets through, ordered by model, window and target. */
export async function readMeasurements(store: Store, filter: MeasurementFilter): Promise<Measurement[]> {
  const { where, parameters } = toWhere(filter);
  const rows = await store.query<MeasurementRow>(
    `SELECT tenant, model, version, role, window_name, toFloat64(toUnixTimestamp64Milli(start)) AS start_ms,
      toFloat64(toUnixTimestamp64Milli(end)) AS end_ms, signal, target_kind, target_name, metric, attributes, value, lower,
      upper, state, threshold, evidence, count, effective, profile_id, config_id, ${versionRevisionSql("revision")} AS revised
    FROM measurement FINAL WHERE ${where}
    ORDER BY tenant, model, version, role, window_name, start, signal, target_kind, target_name, metric, attributes`,
    parameters,
  );
  return rows.map(toMeasurement);
}

function toWhere(filter: MeasurementFilter): { readonly where: string; readonly parameters: QueryParameters } {
  const { conditions, parameters } = toConditions(filter);
  const where = conditions.length === 0 ? "1" : conditions.join(" AND ");
  const newest = `(tenant, model, version, role, window_name, start) IN (
    SELECT tenant, model, version, role, window_name, max(start) FROM measurement WHERE ${where}
    GROUP BY tenant, model, version, role, window_name)`;
  return { where: filter.latest === true ? `${where} AND ${newest}` : where, parameters };
}

/** Starts of the windows of a name that have a stored measurement, Unix milliseconds, ascending. */
export async function readJudgedStarts(store: Store, key: ModelKey, windowName: string): Promise<number[]> {
  const rows = await store.query<{ startMs: number }>(
    `SELECT DISTINCT toFloat64(toUnixTimestamp64Milli(start)) AS startMs
    FROM measurement
    WHERE tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
      AND window_name = {windowName:String}
    ORDER BY startMs`,
    { tenant: key.tenant, model: key.model, version: key.version, role: key.role, windowName },
  );
  return rows.map((row) => row.startMs);
}

/** Start of the newest window with a measurement that the filter lets through, Unix milliseconds; null without one. */
export async function readNewestStart(store: Store, filter: MeasurementFilter): Promise<number | null> {
  const { conditions, parameters } = toConditions(filter);
  const [row] = await store.query<{ rows: number; startMs: number }>(
    `SELECT toFloat64(count()) AS rows, toFloat64(toUnixTimestamp64Milli(max(start))) AS startMs
    FROM measurement WHERE ${["1", ...conditions].join(" AND ")}`,
    parameters,
  );
  return row === undefined || row.rows === 0 ? null : row.startMs;
}

interface MeasurementRow extends Pick<Measurement, "tenant" | "model" | "version" | "role" | "signal" | "metric"> {
  readonly window_name: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly target_kind: Measurement["target"]["kind"];
  readonly target_name: string;
  readonly attributes: string;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly state: Measurement["state"];
  readonly threshold: number | null;
  readonly evidence: string;
  readonly count: number;
  readonly effective: number;
  readonly profile_id: string;
  readonly config_id: string;
  readonly revised: number;
}

function encodeMeasurement(rows: RowBuffer, measurement: Measurement, version: bigint): void {
  const { window, target } = measurement;
  encodeModelKey(rows, measurement);
  rows.string(window.name);
  rows.int64(BigInt(Date.parse(window.start)));
  rows.int64(BigInt(Date.parse(window.end)));
  rows.string(measurement.signal);
  rows.string(target.kind);
  rows.string(target.name);
  rows.string(measurement.metric);
  rows.string(canonicalJson(measurement.attributes));
  rows.nullableFloat64(measurement.value);
  rows.nullableFloat64(measurement.lower);
  rows.nullableFloat64(measurement.upper);
  rows.nullableString(measurement.state);
  rows.nullableFloat64(measurement.threshold);
  rows.string(JSON.stringify(measurement.evidence));
  rows.float64(measurement.count);
  rows.float64(measurement.effective);
  rows.string(measurement.profileId);
  rows.string(measurement.configId);
  rows.uint64(version);
  rows.rows++;
}

function toMeasurement(row: MeasurementRow): Measurement {
  return {
    tenant: row.tenant,
    model: row.model,
    version: row.version,
    role: row.role,
    signal: row.signal,
    target: { kind: row.target_kind, name: row.target_name },
    metric: row.metric,
    attributes: JSON.parse(row.attributes),
    value: row.value,
    lower: row.lower,
    upper: row.upper,
    state: row.state,
    threshold: row.threshold,
    evidence: JSON.parse(row.evidence),
    window: {
      name: row.window_name,
      start: new Date(row.start_ms).toISOString(),
      end: new Date(row.end_ms).toISOString(),
    },
    count: row.count,
    effective: row.effective,
    profileId: row.profile_id,
    configId: row.config_id,
    revision: row.revised,
  };
}

const EQUALITIES = {
  tenant: "tenant",
  model: "model",
  version: "version",
  role: "role",
  windowName: "window_name",
  signal: "signal",
  targetKind: "target_kind",
  target: "target_name",
  metric: "metric",
  attributes: "attributes",
} as const satisfies Partial<Record<keyof MeasurementFilter, string>>;

function toConditions(filter: MeasurementFilter): {
  conditions: string[];
  parameters: Record<string, string | number>;
} {
  const conditions: string[] = [];
  const parameters: Record<string, string | number> = {};
  for (const [key, column] of Object.entries(EQUALITIES)) {
    const value = filter[key as keyof typeof EQUALITIES];
    if (value === undefined) continue;
    conditions.push(`${column} = {${key}:String}`);
    parameters[key] = value;
  }
  if (filter.fromMs !== undefined) {
    conditions.push("start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')");
    parameters["fromMs"] = filter.fromMs;
  }
  if (filter.toMs !== undefined) {
    conditions.push("start < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')");
    parameters["toMs"] = filter.toMs;
  }
  return { conditions, parameters };
}
