import { canonicalJson, type Measurement, type ModelConfig } from "@tidemark/schema";
import { type ControlSeries, type ControlValue, controlAttributes, controlFindings } from "@tidemark/signals";
import type { MonitoredModel, MonitoredModels } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { ChangedWindows } from "./changed-windows.ts";
import { stampFinding } from "./judge-window.ts";
import { isWithdrawn, reviseMeasurements } from "./revise-measurements.ts";
import { type WindowSpan, windowAt } from "./window-grid.ts";

type ChartConfig = ModelConfig["charts"][number];

/** What charting needs of the store. */
export interface ChartStore {
  /**
   * Measurements of a chart's metric, and target where it names one, in the windows of a name that start at or after a
   * time, in order of time.
   */
  chartedFrom(key: ModelKey, windowName: string, chart: ChartConfig, fromMs: number): Promise<readonly Measurement[]>;
  /** The stored charts of the windows of a name that start at or after a time. */
  chartsFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface ChartOptions {
  readonly store: ChartStore;
  readonly models: Pick<MonitoredModels, "find">;
  /** The charts as they stand in a window that was drawn again. */
  readonly onCharted: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/** The series of one chart, by target and attributes. */
type SeriesById = ReadonlyMap<string, ControlSeries>;

/**
 * Draws the configured control charts on from windows whose measurements changed. A chart is a function of its whole
 * series, so that late records, restarts and replays end in the same chart. The values of a series are remembered, some
 * 70 bytes a window, and read from the store only once and where they changed; only what differs is stored.
 */
export function createCharting({
  store,
  models,
  onCharted,
}: ChartOptions): (changes: readonly ChangedWindows[]) => Promise<void> {
  const remembered = new Map<string, SeriesById>();

  const chartKey = async (model: MonitoredModel, { key, windowName, fromMs }: ChangedWindows): Promise<void> => {
    const charts = model.config.charts.filter(({ window = windowName }) => window === windowName);
    const fresh = new Map<number, Measurement[]>();
    /** From which window on a series was drawn, by its own name. */
    const drawnFromMs = new Map<string, number>();
    const extended = new Map<string, SeriesById>();
    for (const chart of charts) {
      const id = JSON.stringify([keyText(key), windowName, chart]);
      const known = remembered.get(id);
      // Forgotten until all is stored: after a failure everything is read again.
      remembered.delete(id);
      const changedMs = known === undefined ? 0 : fromMs;
      const measured = await store.chartedFrom(key, windowName, chart, changedMs);
      extended.set(id, extendSeries(known ?? new Map(), measured, changedMs));
      for (const series of extended.get(id)!.values()) {
        const changedAt = series.values.findLastIndex(({ startMs }) => startMs < changedMs) + 1;
        const drawn = controlFindings(series, chart.learn, changedAt);
        // A series that is too short by now may have had a chart.
        const start = drawn.length === 0 && changedAt <= chart.learn ? series.values[0] : drawn[0];
        drawnFromMs.set(
          chartId(series.target, controlAttributes(series)),
          Math.min(changedMs, start?.startMs ?? changedMs),
        );
        for (const { startMs, findings } of drawn) {
          const window = windowAt(windowName, startMs);
          const stamped = findings.map((finding) => stampFinding(finding, "control", { ...key, window }, model));
          const others = fresh.get(startMs);
          if (others === undefined) fresh.set(startMs, stamped);
          else for (const each of stamped) others.push(each);
        }
      }
    }
    const firstMs = [...drawnFromMs.values()].reduce((first, each) => Math.min(first, each), fromMs);
    await reviseCharts(key, windowName, fresh, { firstMs, of: (id) => drawnFromMs.get(id) ?? fromMs });
    for (const [id, series] of extended) remembered.set(id, series);
  };

  /** Stores what differs from the charts that stood from where each was drawn. */
  const reviseCharts = async (
    key: ModelKey,
    windowName: string,
    fresh: ReadonlyMap<number, Measurement[]>,
    drawnFrom: { readonly firstMs: number; readonly of: (chart: string) => number },
  ): Promise<void> => {
    const stored = (await store.chartsFrom(key, windowName, drawnFrom.firstMs)).filter(
      ({ target, attributes, window }) => Date.parse(window.start) >= drawnFrom.of(chartId(target, attributes)),
    );
    const storedByStart = Map.groupBy(stored, ({ window }) => Date.parse(window.start));
    const changed: (readonly Measurement[])[] = [];
    for (const startMs of [...new Set([...storedByStart.keys(), ...fresh.keys()])].sort((a, b) => a - b)) {
      const revision = reviseMeasurements(storedByStart.get(startMs) ?? [], fresh.get(startMs) ?? []);
      changed.push(revision.changed);
      onCharted(key, windowAt(windowName, startMs), revision.current);
    }
    const rows = changed.flat();
    if (rows.length > 0) await store.save(rows);
  };

  return async (changes) => {
    for (const each of changes) {
      const model = models.find(each.key.tenant, each.key.model);
      if (model !== undefined && model.config.charts.length > 0) await chartKey(model, each);
    }
  };
}

/** The series with what is now measured from a time on in place of what was. Windows without a value are passed over. */
function extendSeries(known: SeriesById, measured: readonly Measurement[], fromMs: number): SeriesById {
  const extended = new Map<string, ControlSeries & { readonly values: ControlValue[] }>();
  for (const [id, series] of known) {
    extended.set(id, { ...series, values: series.values.filter(({ startMs }) => startMs < fromMs) });
  }
  for (const row of measured) {
    const { metric, target, attributes, window, value, count, effective } = row;
    if (isWithdrawn(row) || value === null) continue;
    const id = JSON.stringify([target, attributes]);
    const series = extended.get(id) ?? { metric, target, attributes, values: [] };
    series.values.push({ startMs: Date.parse(window.start), value, count, effective });
    extended.set(id, series);
  }
  return extended;
}

/** What tells the charts of a series from all others of a version and window length. */
function chartId(target: Measurement["target"], attributes: Measurement["attributes"]): string {
  return canonicalJson([target.kind, target.name, attributes]);
}
