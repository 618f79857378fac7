import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { prometheusLabel } from "@tidemark/semconv";

/**
 * From instant queries to one table: a row for each set of labels, a column for each label and each query.
 * @param labels attribute keys to column titles.
 * @param values titles of the queries' columns, in their order.
 */
export function tableOf(labels: Readonly<Record<string, string>>, values: readonly string[]): DataTransformerConfig[] {
  // One query has the column "Value", several have "Value #A", "Value #B".
  const value = (index: number) => (values.length === 1 ? "Value" : `Value #${String.fromCharCode(65 + index)}`);
  return [
    { id: "merge", options: {} },
    {
      id: "organize",
      options: {
        excludeByName: { Time: true },
        indexByName: {},
        renameByName: Object.fromEntries([
          ...Object.entries(labels).map(([key, title]) => [prometheusLabel(key), title]),
          ...values.map((title, index) => [value(index), title]),
        ]),
      },
    },
  ];
}
