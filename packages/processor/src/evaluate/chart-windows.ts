import type { Measurement, ModelConfig } from "@tidemark/schema";
import { controlFindings } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import { stampFinding } from "./judge-window.ts";
import { isWithdrawn, reviseMeasurements } from "./revise-measurements.ts";
import { type WindowSpan, windowAt } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What charting needs of the store. */
export interface ChartStore {
  /** Measurements of a chart's metric, and target where it names one, in windows of a name, in order of time. */
  chartedOf(key: ModelKey, windowName: string, chart: ModelConfig["charts"][number]): Promise<readonly Measurement[]>;
  /** The stored charts of the windows of a name. */
  chartsOf(key: ModelKey, windowName: string): Promise<readonly Measurement[]>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface ChartOptions {
  readonly store: ChartStore;
  /** The charts as they stand in a window that was judged or whose chart changed. */
  readonly onCharted: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/**
 * Draws the configured control charts on from windows that were judged. A chart is a function of its whole series, one
 * row a window, so that late records, restarts and replays end in the same chart; only what changed is stored.
 */
export function createCharting({ store, onCharted }: ChartOptions): (tasks: readonly JudgeTask[]) => Promise<void> {
  const chartKey = async (model: MonitoredModel, key: ModelKey, windowName: string): Promise<void> => {
    const fresh = new Map<string, Measurement[]>();
    for (const chart of model.config.charts.filter(({ window = windowName }) => window === windowName)) {
      for (const series of seriesOf(await store.chartedOf(key, windowName, chart))) {
        for (const { start, findings } of controlFindings(series, chart.learn)) {
          const window = windowAt(windowName, Date.parse(start));
          const stamped = findings.map((finding) => stampFinding(finding, "control", { ...key, window }, model));
          fresh.set(start, [...(fresh.get(start) ?? []), ...stamped]);
        }
      }
    }
    const stored = Map.groupBy(await store.chartsOf(key, windowName), ({ window }) => window.start);
    const changed: Measurement[] = [];
    for (const start of [...new Set([...stored.keys(), ...fresh.keys()])].sort()) {
      const revision = reviseMeasurements(stored.get(start) ?? [], fresh.get(start) ?? []);
      if (revision.changed.length === 0) continue;
      changed.push(...revision.changed);
      onCharted(key, windowAt(windowName, Date.parse(start)), revision.current);
    }
    if (changed.length > 0) await store.save(changed);
  };

  return async (tasks) => {
    const meant = tasks.filter(({ model }) => model.config.charts.length > 0);
    for (const own of groupBy(meant, ({ key, window }) => `${keyText(key)} ${window.name}`).values()) {
      const { model, key, window } = own[0]!;
      await chartKey(model, key, window.name);
    }
  };
}

/** One series for each target and set of attributes. */
function seriesOf(measurements: readonly Measurement[]): Measurement[][] {
  const shown = measurements.filter((measurement) => !isWithdrawn(measurement));
  return [...groupBy(shown, ({ target, attributes }) => JSON.stringify([target, attributes])).values()];
}
