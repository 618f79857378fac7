import type { MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import type { IngestCount, IngestCounters } from "./ingest-counters.ts";
import type { MonitoredModels } from "./monitored-models.ts";

export interface RouteOptions {
  readonly models: MonitoredModels;
  readonly counters: IngestCounters;
  /** Called for every name that the configuration or a profile does not know. */
  readonly onUnknown: (kind: "model" | "feature", name: string) => void;
}

/** Picks what belongs to a configured model out of decoded records; the rest is counted by reason, never stored. */
export interface RecordRouter {
  /** `source` is where the predictions came from: a model takes them from one, never from both. */
  predictions(records: readonly PredictionRecord[], source: "logs" | "spans"): PredictionRecord[];
  outcomes(records: readonly OutcomeRecord[]): OutcomeRecord[];
  points(points: readonly MetricPoint[]): MetricPoint[];
}

export function createRecordRouter({ models, counters, onUnknown }: RouteOptions): RecordRouter {
  const ignore = (record: IngestCount["record"], reason: string) => counters.add(record, "ignored", reason, 1);

  const isKnownModel = (record: IngestCount["record"], name: string): boolean => {
    if (models.has(name)) return true;
    ignore(record, "unknown_model");
    onUnknown("model", name);
    return false;
  };

  return {
    predictions(records, source) {
      return records.filter((record) => {
        if (!isKnownModel("prediction", record.model)) return false;
        const model = models.get(record.model)!;
        if (model.config.records !== source) {
          ignore("prediction", "other_source");
          return false;
        }
        // The record itself is kept: its prediction counts, whatever its inputs are called.
        for (const feature in record.inputs) {
          if (!model.features.has(feature)) {
            ignore("other", "unknown_feature");
            onUnknown("feature", `${record.model}.${feature}`);
          }
        }
        return true;
      });
    },

    outcomes: (records) => records.filter((record) => isKnownModel("outcome", record.model)),

    points(points) {
      return points.filter((point) => {
        // Points of the process itself name no model; they belong to a service.
        if (point.model === "") return true;
        if (!isKnownModel("point", point.model)) return false;
        if (point.feature === "" || models.get(point.model)!.features.has(point.feature)) return true;
        ignore("point", "unknown_feature");
        onUnknown("feature", `${point.model}.${point.feature}`);
        return false;
      });
    },
  };
}
