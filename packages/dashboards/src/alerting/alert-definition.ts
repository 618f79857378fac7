import type { DashboardUid } from "../dashboard/dashboard-uids.ts";
import type { Threshold } from "./thresholds.ts";

/** Who is asked first: the people who build models, who run services, who run Tidemark itself. */
export type Team = "data-science" | "service" | "platform";

/** How loud: `none` is a heartbeat, `info` is for dashboards, a warning is for today, critical for now. */
export type Severity = "none" | "info" | "warning" | "critical";

/** One alert, from which the Prometheus rule, the Grafana rule, the rule tests and the runbook are made. */
export interface AlertDefinition {
  readonly name: string;
  /** Identity in Grafana, and the runbook's file name. */
  readonly slug: string;
  readonly severity: Severity;
  readonly team: Team;
  /** What it is about; a critical alert silences the warning of the same subject. */
  readonly subject: string;
  /** PromQL; each series that it returns is one alert. It may name recording rules. */
  readonly expression: string;
  /** How long the condition must last before anyone is told. */
  readonly forMinutes: number;
  /** How long the alert stays after the condition has ended, so that it does not flap. */
  readonly keepFiringMinutes: number;
  /** One line with `{{ $labels.x }}`, read on a telephone. */
  readonly summary: string;
  readonly meaning: string;
  readonly details: AlertDetails;
  /** What to look at and to do, in order; the runbook. */
  readonly steps: readonly string[];
  readonly dashboard: DashboardUid;
  readonly test: AlertTest;
}

/** Where an alert's value, line and first cause come from. */
export type AlertDetails =
  /** The rule is about a verdict of the processor, which tells all three itself. */
  | { readonly kind: "verdict" }
  /** The rule's own value; the line, recorded or in words; and the usual first cause. */
  | {
      readonly kind: "value";
      readonly format: ValueFormat;
      readonly threshold: Threshold | string;
      readonly cause: string;
    };

export type ValueFormat = "number" | "percentage" | "duration";

/** A series of the tests: its value while all is well and while it is not; a counter's are what it grows a minute. */
export interface Probe {
  /** With its labels: `up{job="x"}`. */
  readonly series: string;
  readonly kind: "gauge" | "counter";
  /** Null: the series does not exist then. */
  readonly good: number | null;
  readonly bad: number | null;
  /** Where a counter begins; 0 unless given. */
  readonly start?: number;
}

/** What promtool needs to know to try a rule. */
export interface AlertTest {
  readonly probes: readonly Probe[];
  /** Series in place of `probes` that bring the condition about in another way: it must fire and resolve by them too. */
  readonly otherProbes?: readonly Probe[];
  /** Minutes of good values before the first bad one. */
  readonly warmUpMinutes: number;
  readonly badMinutes: number;
  /** From the first bad value to the alert, at most. */
  readonly upAfterMinutes: number;
  /** From the first good value to the end of the alert, at most. */
  readonly downAfterMinutes: number;
  /** Bad and good in turns of this many minutes... */
  readonly flapMinutes: number;
  /** ...must leave the alert so: never up, or up without a break once it is. */
  readonly flapping: "quiet" | "steady";
  /** With no series at all, after an hour. */
  readonly silence: "quiet" | "fires";
  /** Step of the series and of the evaluation; 1 unless the rule looks back for weeks. */
  readonly stepMinutes: number;
  /** The alert's labels beside `severity`, `team` and `subject`. */
  readonly labels: Readonly<Record<string, string>>;
  /** What its text shows as the value in the last bad minute. */
  readonly value: string;
  /** It fires whatever happens: the heartbeat. */
  readonly always?: true;
}
