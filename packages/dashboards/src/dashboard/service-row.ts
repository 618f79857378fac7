import { attr, type MetricDefinition, metrics } from "@tidemark/semconv";
import { chosen, legendOf } from "../promql/query.ts";
import { NO_LINE, type PanelSpec, type RowSpec, rising } from "./panel-spec.ts";

const LEGEND = legendOf(attr.modelVersion, attr.windowName);

/** Does the service that hosts the model answer, fast enough and without errors? */
export const serviceRow: RowSpec = {
  title: "Service by window: what was judged?",
  runbook: "model-service-level-critical",
  panels: [
    panel(
      metrics.serviceLatency,
      "How long did a call take in the window?",
      "Median, 95 % and 99 % quantile of the call's duration. If only the high ones rise, open a slow trace; if all do, look at CPU.",
      "s",
      `${legendOf(attr.quantile)} ${LEGEND}`,
    ),
    panel(
      metrics.serviceThroughput,
      "How many predictions a second had the window?",
      "Predictions a second over the window. A fall with steady latency means that fewer are asked for.",
      "short",
      LEGEND,
    ),
    {
      ...panel(
        metrics.serviceErrorRatio,
        "How many predictions failed in the window?",
        "Share of failed predictions; 1 % warns and 5 % is critical unless configured otherwise. The evidence counts them by error.type.",
        "percentunit",
        LEGEND,
      ),
      thresholds: rising(0.01, 0.05),
    },
    panel(
      metrics.serviceCpu,
      "How much CPU did the service use in the window?",
      "CPU seconds a second of the serving processes. Near the number of cores: scale out.",
      "none",
      LEGEND,
    ),
    panel(
      metrics.serviceMemory,
      "How much memory did the service use in the window?",
      "Largest resident memory of a serving process. A steady rise without more traffic is a leak.",
      "bytes",
      LEGEND,
    ),
  ],
};

function panel(
  definition: MetricDefinition,
  title: string,
  description: string,
  unit: string,
  legend: string,
): PanelSpec {
  return {
    kind: "timeseries",
    title,
    description,
    unit,
    queries: [{ expression: chosen(definition).toString(), legend }],
    thresholds: NO_LINE,
    width: 8,
    height: 7,
    min: 0,
  };
}
