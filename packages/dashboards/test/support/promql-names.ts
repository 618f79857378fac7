import { parser } from "@prometheus-io/lezer-promql";

export interface PromqlNames {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
  /** Text around each syntax error; empty for a valid expression. */
  readonly errors: readonly string[];
}

/** Metric and label names of a PromQL expression, as Prometheus' own grammar reads it. */
export function promqlNames(expression: string): PromqlNames {
  const metrics: string[] = [];
  const labels: string[] = [];
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to, type, node }) {
      const parent = node.parent?.name;
      const text = expression.slice(from, to);
      if (type.isError) errors.push(expression.slice(Math.max(0, from - 20), to + 20));
      if (name === "Identifier" && parent === "VectorSelector") metrics.push(text);
      if (name === "LabelName") labels.push(text);
    },
  });
  return { metrics, labels, errors };
}
