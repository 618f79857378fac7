import { PanelBuilder as BarChart } from "@grafana/grafana-foundation-sdk/barchart";
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
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATA_SOURCE } from "./data-source-variable.ts";
import { panelQuery } from "./panel-query.ts";
import type { PanelSpec } from "./panel-spec.ts";
import { shareTransformations } from "./share-transformations.ts";
import { stateMapping } from "./state-mapping.ts";

type AnyPanel = Stat | TimeSeries | StateTimeline | BarGauge | BarChart;

/** The Grafana panel of a specification, with the id given. Core panel types only, with options that Grafana 9.4 has. */
export function buildPanel(spec: PanelSpec, id: number): Builder<Panel> {
  const panel = common(kinds[spec.kind](spec), spec).id(id);
  for (const [index, query] of spec.queries.entries()) panel.withTarget(panelQuery(query, index, spec.kind));
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  return panel;
}

function common(panel: AnyPanel, spec: PanelSpec): AnyPanel {
  const steps = spec.thresholds.map((threshold) => ({ value: threshold.from, color: threshold.color }));
  return panel
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit(spec.unit)
    .noValue("no data")
    .span(spec.width)
    .height(spec.height)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
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
      .mappings([stateMapping])
      .colorScheme(byThresholds()),
  bars: () =>
    new BarGauge()
      .reduceOptions(lastValue())
      .orientation(VizOrientation.Horizontal)
      .displayMode(BarGaugeDisplayMode.Basic)
      .colorScheme(byThresholds()),
  shares: () =>
    new BarChart()
      .xField("Bin")
      .groupWidth(0.8)
      .barWidth(0.95)
      .xTickLabelRotation(-45)
      .legend(listLegend())
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
      .transformations(shareTransformations),
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
