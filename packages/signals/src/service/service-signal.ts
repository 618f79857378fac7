import type { ModelConfig, Target } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { Finding, ServiceCounts, Signal, WindowAggregate } from "../window-aggregate.ts";
import { histogramQuantile } from "./histogram-quantile.ts";

type Levels = ModelConfig["service"]["latencyP95"];
type ErrorLevels = ModelConfig["service"]["errorRatio"];

const QUANTILES = [0.5, 0.95, 0.99];

/**
 * Does the service that hosts the model answer, fast enough, without errors, within its resources?
 *
 * From what the serving processes said of themselves; nothing where they said nothing. Verdicts on the error ratio and,
 * where `service.latencyP95` is configured, on the 95 % quantile of the duration.
 */
export const serviceSignal: Signal = {
  name: "service",
  judge(aggregate, context) {
    const { service } = aggregate;
    if (service === null) return [];
    return [
      ...latency(service, context.config.service.latencyP95),
      ...failures(service, context.config.service.errorRatio),
      ...load(service, aggregate),
    ];
  },
};

function latency(service: ServiceCounts, levels: Levels): Finding[] {
  const calls = totalOf(service.durationCounts);
  return QUANTILES.flatMap((probability) => {
    const quantile = histogramQuantile(service.durationBoundaries, service.durationCounts, probability);
    if (quantile === null) return [];
    const judged = probability === 0.95 && levels !== undefined;
    return [
      createFinding({
        target: { kind: "service", name: "latency" },
        metric: metric.serviceLatency,
        attributes: { [attr.quantile]: String(probability) },
        ...quantile,
        state: judged ? latencyState(quantile.value, calls, levels) : null,
        threshold: judged ? (levels.critical ?? levels.warning ?? null) : null,
        count: calls,
      }),
    ];
  });
}

function latencyState(seconds: number, calls: number, levels: NonNullable<Levels>): MonitorState {
  if (calls < MINIMUM_WINDOW_ROWS) return "insufficient_data";
  if (levels.critical !== undefined && seconds > levels.critical) return "critical";
  return levels.warning !== undefined && seconds > levels.warning ? "warning" : "ok";
}

/** Error ratio with its Wilson interval, and availability as its complement. */
function failures(service: ServiceCounts, levels: ErrorLevels): Finding[] {
  const failed = totalOf(service.failed.map((failure) => failure.count));
  const calls = service.succeeded + failed;
  const share = wilsonShare(failed, calls);
  if (share === null) return [];
  const numbers = Object.fromEntries(service.failed.map((failure) => [failure.type, failure.count]));
  const target = (name: string): Target => ({ kind: "service", name });
  return [
    createFinding({
      target: target("error_ratio"),
      metric: metric.serviceErrorRatio,
      ...share,
      state: errorState(share, calls, levels),
      threshold: levels.critical ?? levels.warning ?? null,
      evidence: { numbers, note: failed === 0 ? "" : "numbers: failures by error.type", bins: null },
      count: calls,
    }),
    createFinding({
      target: target("availability"),
      metric: metric.serviceAvailability,
      value: 1 - share.value,
      lower: 1 - share.upper,
      upper: 1 - share.lower,
      count: calls,
    }),
  ];
}

/** `warning` when the share is above a level, `critical` when its whole interval is above the critical one. */
function errorState(share: Share, calls: number, levels: ErrorLevels): MonitorState {
  if (calls < MINIMUM_WINDOW_ROWS) return "insufficient_data";
  if (levels.critical !== undefined && share.lower > levels.critical) return "critical";
  return share.value > Math.min(levels.warning ?? 1, levels.critical ?? 1) ? "warning" : "ok";
}

function load(service: ServiceCounts, aggregate: WindowAggregate): Finding[] {
  const seconds = (aggregate.window.endMs - aggregate.window.startMs) / 1000;
  const calls = service.succeeded + totalOf(service.failed.map((failure) => failure.count));
  const described: readonly [string, string, number | null][] = [
    ["throughput", metric.serviceThroughput, calls / seconds],
    ["cpu", metric.serviceCpu, service.cpuSeconds === null ? null : service.cpuSeconds / seconds],
    ["memory", metric.serviceMemory, service.maxMemoryBytes],
  ];
  return described.flatMap(([name, metricName, value]) =>
    value === null
      ? []
      : [createFinding({ target: { kind: "service", name }, metric: metricName, value, count: calls })],
  );
}
