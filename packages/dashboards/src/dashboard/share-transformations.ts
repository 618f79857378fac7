import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { attr, prometheusLabel } from "@tidemark/semconv";
import { tableOf } from "./table-of.ts";

const INDEX = prometheusLabel(attr.binIndex);

/**
 * From two instant tables (window, reference) to one table of bins in the order of the values: joined on their labels,
 * sorted by the bin's index as a number, the columns named for people.
 */
export const shareTransformations: DataTransformerConfig[] = [
  ...tableOf({ [attr.binLabel]: "Bin" }, ["window", "reference"]),
  { id: "convertFieldType", options: { conversions: [{ targetField: INDEX, destinationType: "number" }], fields: {} } },
  { id: "sortBy", options: { fields: {}, sort: [{ field: INDEX }] } },
  { id: "organize", options: { excludeByName: { [INDEX]: true }, indexByName: {}, renameByName: {} } },
];
