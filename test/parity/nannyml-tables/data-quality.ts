import type { ChunkedData, Table } from "../nannyml-data.ts";
import type { TableInput } from "../table-cases.ts";
import { type ChunkValues, free, limitedTo, type TablePlan } from "./table-plan.ts";

/** Features as the table's columns name them. */
function featuresOf({ columns }: TableInput): string[] {
  return columns.filter((column) => column.endsWith("_value")).map((column) => column.slice(0, -"_value".length));
}

function byFeature(value: (values: readonly unknown[], reference: readonly unknown[]) => number) {
  return ({ reference }: ChunkedData, input: TableInput) =>
    (chunk: Table): ChunkValues =>
      Object.fromEntries(featuresOf(input).map((name) => [name, value(chunk[name]!, reference[name]!)]));
}

export const missing: TablePlan = {
  fit: byFeature((values) => values.filter((value) => value === null).length / values.length),
  lines: () => ({ lower: limitedTo(0), upper: limitedTo(1) }),
};

export const unseen: TablePlan = {
  fit: byFeature((values, reference) => {
    const known = new Set(reference);
    return values.filter((value) => value !== null && !known.has(value)).length / values.length;
  }),
  lines: () => ({ lower: "none", upper: "zero" }),
};

export function summary(of: (values: Float64Array) => number): TablePlan {
  return {
    fit: byFeature((values) =>
      of(
        Float64Array.from(
          values.filter((value) => value !== null),
          Number,
        ),
      ),
    ),
    lines: () => ({ lower: free, upper: free }),
    alertsOnLine: true,
  };
}
