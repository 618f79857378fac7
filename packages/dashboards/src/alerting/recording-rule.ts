/** A series that Prometheus computes once, for rules and panels. */
export interface RecordingRule {
  /** `level:metric:operation`. */
  readonly record: string;
  /** PromQL; it may name recording rules that stand before it. */
  readonly expression: string;
  readonly meaning: string;
}
