import type { DeploymentRole, MetricPoint, PredictionRecord } from "@tidemark/schema";
import { keyText, type ModelKey } from "../store/models.ts";

/** First and last event time of a model version's predictions and points, in Unix milliseconds. */
export interface KeyTimes {
  readonly key: ModelKey;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What has been stored so far, in event time: the watermark and the windows to judge follow from it. */
export interface EventTimes {
  /** Takes what is durable. */
  see(predictions: readonly PredictionRecord[], points: readonly MetricPoint[]): void;
  /** Widens one version's times; for what the store held at the start. */
  widen(key: ModelKey, firstMs: number, lastMs: number): void;
  list(): KeyTimes[];
}

const NANOS_PER_MS = 1_000_000n;

export function createEventTimes(): EventTimes {
  const times = new Map<string, { key: ModelKey; firstMs: number; lastMs: number }>();

  const widen = (key: ModelKey, firstMs: number, lastMs: number): void => {
    const id = keyText(key);
    const known = times.get(id);
    if (known === undefined) {
      const { tenant, model, version, role } = key;
      times.set(id, { key: { tenant, model, version, role }, firstMs, lastMs });
    } else {
      if (firstMs < known.firstMs) known.firstMs = firstMs;
      if (lastMs > known.lastMs) known.lastMs = lastMs;
    }
  };

  return {
    widen,
    see(predictions, points) {
      for (const record of predictions) {
        const timeMs = Number(record.timeUnixNano / NANOS_PER_MS);
        widen(record, timeMs, timeMs);
      }
      for (const point of points) {
        if (point.model === "") continue;
        // A point covers (start, time]: it belongs to the moment before its time.
        const timeMs = Number((point.timeUnixNano - 1n) / NANOS_PER_MS);
        widen({ ...point, role: point.role as DeploymentRole }, timeMs, timeMs);
      }
    },
    list: () => [...times.values()].map((entry) => ({ ...entry })),
  };
}
