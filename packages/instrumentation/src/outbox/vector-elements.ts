import { attr } from "@tidemark/semconv";
import type { FinishedLogRecord } from "./log-sdk.ts";

/** Numbers in the vectors of a record: what makes one record a hundred times as large as another. */
export function vectorElements({ attributes }: Pick<FinishedLogRecord, "attributes">): number {
  const inputs = attributes?.[attr.inferenceInputs];
  if (typeof inputs !== "object" || inputs === null) return 0;
  let elements = 0;
  for (const value of Object.values(inputs)) if (Array.isArray(value)) elements += value.length;
  return elements;
}
