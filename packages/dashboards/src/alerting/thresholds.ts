import type { RecordingRule } from "./recording-rule.ts";

/**
 * Lines of the alerts that are not verdicts of the processor. Each is a recorded series, so that the panels draw the
 * line which the alerts use, and a team changes it in one place of the rule file.
 */
export const thresholds = {
  latencyP95: threshold("latency_p95_seconds", 0.5, "500ms", "Seconds that 95 of 100 calls must stay under."),
  latencyP99: threshold("latency_p99_seconds", 1, "1s", "Seconds that 99 of 100 calls must stay under."),
  errorRatioWarning: threshold("error_ratio_warning", 0.01, "1%", "Share of failed predictions that warns."),
  errorRatioCritical: threshold("error_ratio_critical", 0.05, "5%", "Share of failed predictions that is critical."),
  availabilityBudget: threshold(
    "availability_budget",
    0.001,
    "0.1%",
    "Share of predictions that may fail: 99.9 % answered.",
  ),
  goodBudget: threshold(
    "good_predictions_budget",
    0.01,
    "1%",
    "Share of predictions that may fail or come late: 99 % good.",
  ),
  cpuCores: threshold("cpu_cores", 0.9, "0.9", "Cores that one serving process may use; Node.js serves on one."),
  memoryGrowth: threshold(
    "memory_growth_ratio_per_hour",
    0.05,
    "5%",
    "Growth of resident memory an hour, of its size.",
  ),
  throughputLow: threshold("throughput_low_ratio", 0.5, "50%", "Share of the usual predictions below which it warns."),
  throughputHigh: threshold(
    "throughput_high_ratio",
    2,
    "200%",
    "Multiple of the usual predictions above which it warns.",
  ),
  dataAge: threshold(
    "data_age_seconds",
    1_800,
    "30m 0s",
    "Seconds without a prediction or a point of a model of which less than three weeks are known.",
  ),
  evaluationLag: threshold(
    "evaluation_lag_seconds",
    172_800,
    "2d 0h 0m 0s",
    "Seconds of event time that verdicts may stay behind.",
  ),
  scheduleOverdue: threshold(
    "schedule_overdue_seconds",
    900,
    "15m 0s",
    "Seconds by which a scheduled run may be overdue.",
  ),
  queueUsage: threshold("queue_usage_ratio", 0.8, "80%", "Share of a queue that may be in use."),
  rejectedRatio: threshold("rejected_ratio", 0.01, "1%", "Share of received records that may be refused."),
} as const satisfies Record<string, Threshold>;

export interface Threshold extends RecordingRule {
  readonly value: number;
  /** As the alert's text shows it. */
  readonly text: string;
}

function threshold(name: string, value: number, text: string, meaning: string): Threshold {
  return { record: `tidemark:threshold:${name}`, expression: `vector(${value})`, value, text, meaning };
}
