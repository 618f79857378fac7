import { openRecordFile } from "@tidemark/processor";
import { attr, event } from "@tidemark/semconv";
import type { InputRow } from "./permutation-importance.ts";

interface Entry {
  readonly key: string;
  readonly value: {
    readonly doubleValue?: number;
    readonly stringValue?: string;
    readonly arrayValue?: { readonly values: readonly { readonly doubleValue: number | null }[] };
    readonly kvlistValue?: { readonly values: readonly Entry[] };
  };
}

/** Inputs of at most `limit` predictions of an exported file, evenly spread over it. Throws as `openRecordFile` does. */
export async function readInputRows(path: string, limit: number): Promise<InputRow[]> {
  const file = await openRecordFile({ path, model: "model" });
  try {
    const step = Math.max(1, file.rows / limit);
    const rows: InputRow[] = [];
    let at = 0;
    for await (const records of file.read()) {
      if (at++ < rows.length * step || rows.length === limit) continue;
      const prediction = records.find(({ eventName }) => eventName === event.inferenceDetails);
      const attributes = (prediction?.["attributes"] ?? []) as readonly Entry[];
      const inputs = attributes.find(({ key }) => key === attr.inferenceInputs)?.value.kvlistValue?.values ?? [];
      rows.push(Object.fromEntries(inputs.map(({ key, value }) => [key, plainValue(value)])));
    }
    return rows;
  } finally {
    await file.close();
  }
}

function plainValue({ doubleValue, stringValue, arrayValue }: Entry["value"]): InputRow[string] {
  return doubleValue ?? stringValue ?? arrayValue?.values.map((element) => element.doubleValue) ?? null;
}
