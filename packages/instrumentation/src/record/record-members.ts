import { type Context, context as contextApi } from "@opentelemetry/api";
import type { FeatureRow } from "../aggregate/feature-row.ts";
import type { EnsemblePrediction, Inputs } from "./record-types.ts";

/** Records what the members of an ensemble answered, under the ensemble's id and in its context. */
export function recordMembers(
  { inputs, members = [] }: EnsemblePrediction & { readonly inputs: Inputs | FeatureRow },
  id: string,
  timeMs: number,
  context: Context | undefined,
): void {
  // Members that are only named stand on the ensemble's event: no context is entered for them.
  if (members.every(({ model }) => typeof model === "string")) return;
  contextApi.with(context ?? contextApi.active(), () => {
    for (const { model, ...member } of members)
      if (typeof model !== "string") model.record({ ...member, inputs: member.inputs ?? inputs, id, timeMs });
  });
}
