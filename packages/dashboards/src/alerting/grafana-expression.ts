import { recordingRules } from "./recording-rules.ts";

const RECORDED = /tidemark:[a-z0-9_:]+/g;

/**
 * A rule's expression with every recorded series put in as what it is computed from: Grafana's rules work on a
 * Prometheus that has not loaded the rule file.
 */
export function grafanaExpression(expression: string): string {
  const rules = new Map(recordingRules().map((rule) => [rule.record, rule.expression]));
  return expression.replaceAll(RECORDED, (record) => {
    const found = rules.get(record);
    if (found === undefined) throw new RangeError(`${record} is no recording rule`);
    return `(${grafanaExpression(found)})`;
  });
}
