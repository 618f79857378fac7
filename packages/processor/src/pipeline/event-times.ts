import type { DeploymentRole, MetricPoint, PredictionRecord } from "@tidemark/schema";
import { keyText, type ModelKey } from "../store/models.ts";

/** When a model version has predictions and points, in event time. */
export interface KeyTimes {
  readonly key: ModelKey;
  /** First and last, Unix milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Days with any, since the epoch in UTC, ascending. */
  readonly days: readonly number[];
}

/** What has been stored so far, in event time: the watermark and the windows to judge follow from it. */
export interface EventTimes {
  /** Takes what is durable. */
  see(predictions: readonly PredictionRecord[], points: readonly MetricPoint[]): void;
  /** Takes what the store held at the start. */
  restore(stored: readonly KeyTimes[]): void;
  list(): KeyTimes[];
}

const NANOS_PER_MS = 1_000_000n;
const DAY_MS = 86_400_000;

export function createEventTimes(): EventTimes {
  const entries = new Map<string, Entry>();

  const entryOf = (key: ModelKey): Entry => {
    const id = keyText(key);
    let entry = entries.get(id);
    if (entry === undefined) {
      const { tenant, model, version, role } = key;
      entry = new Entry({ tenant, model, version, role });
      entries.set(id, entry);
    }
    return entry;
  };

  return {
    see(predictions, points) {
      // Records of one version come in runs: its entry is looked up when the version changes.
      let entry: Entry | null = null;
      for (const record of predictions) {
        if (!entry?.isOf(record)) entry = entryOf(record);
        entry.see(Number(record.timeUnixNano / NANOS_PER_MS));
      }
      for (const point of points) {
        if (point.model === "") continue;
        const key = { ...point, role: point.role as DeploymentRole };
        if (!entry?.isOf(key)) entry = entryOf(key);
        // A point covers (start, time]: it belongs to the moment before its time.
        entry.see(Number((point.timeUnixNano - 1n) / NANOS_PER_MS));
      }
    },
    restore(stored) {
      for (const { key, firstMs, lastMs, days } of stored) {
        const entry = entryOf(key);
        entry.see(firstMs);
        entry.see(lastMs);
        for (const day of days) entry.days.add(day);
      }
    },
    list: () => [...entries.values()].map((entry) => entry.times()),
  };
}

class Entry {
  readonly key: ModelKey;
  readonly days = new Set<number>();
  private firstMs = Number.POSITIVE_INFINITY;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(key: ModelKey) {
    this.key = key;
  }

  isOf({ tenant, model, version, role }: ModelKey): boolean {
    const { key } = this;
    return model === key.model && version === key.version && role === key.role && tenant === key.tenant;
  }

  see(timeMs: number): void {
    if (timeMs < this.firstMs) this.firstMs = timeMs;
    if (timeMs > this.lastMs) this.lastMs = timeMs;
    this.days.add(Math.floor(timeMs / DAY_MS));
  }

  times(): KeyTimes {
    const days = [...this.days].sort((a, b) => a - b);
    return { key: this.key, firstMs: this.firstMs, lastMs: this.lastMs, days };
  }
}
