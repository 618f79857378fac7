import { PanelBuilder as BarGauge } from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Text, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATA_SOURCE } from "./data-source-variable.ts";
import { panelLinks } from "./panel-links.ts";
import { panelQuery, refIdOf } from "./panel-query.ts";
import type { PanelSpec } from "./panel-spec.ts";
import { stateMapping } from "./state-mapping.ts";

type AnyPanel = Stat | TimeSeries | StateTimeline | BarGauge | Heatmap | Table | Text;

/** What a panel shows while nothing has come. */
const NO_VALUE = "no data: has a model reported, and is the time range right?";

/** The Grafana panel of a specification, with the id given. Core panel types only, with options that Grafana 9.4 has. */
export function buildPanel(spec: PanelSpec, id: number, runbook: string): Builder<Panel> {
  const panel = kinds[spec.kind](spec).id(id).title(spec.title).span(spec.width).height(spec.height);
  if (panel instanceof Text) return panel;
  describe(panel, spec).links(panelLinks(runbook));
  const queries = [...spec.queries, ...(spec.lines ?? [])];
  for (const [index, query] of queries.entries()) panel.withTarget(panelQuery(query, index, spec.kind));
  if (panel instanceof TimeSeries) drawLines(panel, spec);
  if (spec.transformations !== undefined) panel.transformations(spec.transformations);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  return panel;
}

function describe<P extends Exclude<AnyPanel, Text>>(panel: P, spec: PanelSpec): P {
  const steps = spec.thresholds.map((threshold) => ({ value: threshold.from, color: threshold.color }));
  panel
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit(spec.unit)
    .noValue(NO_VALUE)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
  if (spec.showsStates) panel.mappings([stateMapping]);
  return panel;
}

/** Lines from metrics are dashed, red, and apart from the legend's order of the values. */
function drawLines(panel: TimeSeries, { queries, lines = [] }: PanelSpec): void {
  for (const index of lines.keys()) {
    panel.overrideByQuery(refIdOf(queries.length + index), [
      { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 8] } },
      { id: "custom.lineWidth", value: 1 },
      { id: "color", value: { mode: "fixed", fixedColor: "red" } },
    ]);
  }
}

const kinds: Readonly<Record<PanelSpec["kind"], (spec: PanelSpec) => AnyPanel>> = {
  stat: () =>
    new Stat()
      .reduceOptions(lastValue())
      .colorMode(BigValueColorMode.Background)
      .graphMode(BigValueGraphMode.Area)
      .colorScheme(byThresholds()),
  timeseries: (spec) =>
    new TimeSeries()
      .legend(listLegend())
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
      .lineWidth(2)
      .fillOpacity(0)
      .showPoints(VisibilityMode.Auto)
      .spanNulls(false)
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(lineMode(spec))),
  states: () =>
    new StateTimeline()
      .legend(listLegend())
      .showValue(VisibilityMode.Never)
      .mergeValues(true)
      .rowHeight(0.85)
      .colorScheme(byThresholds()),
  bars: () =>
    new BarGauge()
      .reduceOptions(lastValue())
      .orientation(VizOrientation.Horizontal)
      .displayMode(BarGaugeDisplayMode.Basic)
      .colorScheme(byThresholds()),
  heatmap: () =>
    new Heatmap()
      .calculate(false)
      .cellGap(1)
      .showLegend()
      .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme("YlOrRd").steps(32).min(0).max(1.5)),
  table: ({ gauges = [] }) => {
    const table = new Table().colorScheme(byThresholds());
    for (const column of gauges) {
      table.overrideByName(column, [
        { id: "custom.cellOptions", value: { type: "gauge", mode: "basic" } },
        { id: "min", value: 0 },
        { id: "max", value: 1 },
      ]);
    }
    return table;
  },
  text: ({ description }) => new Text().mode(TextMode.Markdown).content(description),
};

function lineMode(spec: PanelSpec): GraphThresholdsStyleMode {
  return spec.thresholds.length > 1 ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off;
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
}

function byThresholds(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

function listLegend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}
