import { type FuncCallExprBuilder, labelReplace } from "@grafana/promql-builder";

/** The vector with one label more, the same on every series. The builder writes texts as they are, hence the quotes. */
export function withLabel(
  vector: Parameters<typeof labelReplace>[0],
  label: string,
  value: string,
): FuncCallExprBuilder {
  return labelReplace(vector, JSON.stringify(label), JSON.stringify(value), '""', '""');
}
