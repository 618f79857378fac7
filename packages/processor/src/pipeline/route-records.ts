import type { MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import type { IngestCount, IngestCounters } from "./ingest-counters.ts";
import type { MonitoredModel, MonitoredModels } from "./monitored-models.ts";
import type { SeriesGuard } from "./series-guard.ts";

export interface RouteOptions {
  readonly models: MonitoredModels;
  readonly counters: IngestCounters;
  readonly series: Pick<SeriesGuard, "refuse">;
  /** Called for every name that the configuration or a profile does not know, and for versions and series beyond
   * their bounds. */
  readonly onUnknown: (kind: "model" | "version" | "feature" | "series", name: string) => void;
}

type Named = Pick<MetricPoint, "tenant" | "model">;
type Versioned = Pick<MetricPoint, "version" | "role">;

/** Picks what belongs to a configured model out of decoded records; the rest is counted by reason, never stored. */
export interface RecordRouter {
  /** `source` is where the predictions came from: a model takes them from one, never from both. */
  predictions(records: readonly PredictionRecord[], source: "logs" | "spans"): PredictionRecord[];
  outcomes(records: readonly OutcomeRecord[]): OutcomeRecord[];
  points(points: readonly MetricPoint[]): MetricPoint[];
}

/** Versions and roles that one model may have; a sender that makes them up must not fill the store with windows. */
const MAX_VERSIONS = 1_000;

export function createRecordRouter({ models, counters, series, onUnknown }: RouteOptions): RecordRouter {
  const ignore = (tenant: string, record: IngestCount["record"], reason: string) =>
    counters.add(tenant, record, "ignored", reason, 1);

  const modelOf = (record: IngestCount["record"], { tenant, model }: Named): MonitoredModel | undefined => {
    const found = models.find(tenant, model);
    if (found !== undefined) return found;
    ignore(tenant, record, "unknown_model");
    onUnknown("model", model);
    return undefined;
  };

  const versions = new Map<MonitoredModel, Set<string>>();
  const isKnownVersion = (
    record: IngestCount["record"],
    model: MonitoredModel,
    { version, role }: Versioned,
  ): boolean => {
    const known = versions.get(model) ?? new Set();
    versions.set(model, known);
    const id = `${role} ${version}`;
    if (known.size < MAX_VERSIONS) known.add(id);
    if (known.has(id)) return true;
    ignore(model.config.tenant, record, "too_many_versions");
    onUnknown("version", `${model.config.name} ${version}`);
    return false;
  };

  const isKnownSeries = ({ tenant, model, series: id }: MetricPoint): boolean => {
    const bound = series.refuse(tenant, model, id);
    if (bound === null) return true;
    ignore(tenant, "point", `too_many_series_of_${bound}`);
    onUnknown("series", model === "" ? `processes of ${tenant}` : model);
    return false;
  };

  const noteFeature = (model: MonitoredModel, record: PredictionRecord, feature: string): void => {
    if (model.features.has(feature)) return;
    ignore(record.tenant, "other", "unknown_feature");
    onUnknown("feature", `${record.model}.${feature}`);
  };

  return {
    predictions(records, source) {
      return records.filter((record) => {
        const model = modelOf("prediction", record);
        if (model === undefined) return false;
        if (model.config.records !== source) {
          ignore(record.tenant, "prediction", "other_source");
          return false;
        }
        if (!isKnownVersion("prediction", model, record)) return false;
        // The record itself is kept: its prediction counts, whatever its inputs are called.
        for (const feature in record.inputs) noteFeature(model, record, feature);
        for (const feature in record.vectors) noteFeature(model, record, feature);
        return true;
      });
    },

    outcomes: (records) => records.filter((record) => modelOf("outcome", record) !== undefined),

    points(points) {
      return points.filter((point) => {
        // Points of the process itself name no model; they belong to a service.
        if (point.model === "") return isKnownSeries(point);
        const model = modelOf("point", point);
        if (model === undefined || !isKnownVersion("point", model, point)) return false;
        if (point.feature !== "" && !model.features.has(point.feature)) {
          ignore(point.tenant, "point", "unknown_feature");
          onUnknown("feature", `${point.model}.${point.feature}`);
          return false;
        }
        return isKnownSeries(point);
      });
    },
  };
}
