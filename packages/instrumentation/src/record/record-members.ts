import { type Context, context as contextApi } from "@opentelemetry/api";
import type { FeatureRow } from "../aggregate/feature-row.ts";
import type { BatchRecord, EnsemblePrediction, Inputs, MemberBatch, MemberPrediction } from "./record-types.ts";

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

/** Records what the members of an ensemble answered to the rows of a batch, each as a batch of its own under the ensemble's ids. */
export function recordMemberBatches(
  members: readonly MemberBatch[],
  { inputs, timesMs }: BatchRecord,
  ids: readonly string[],
  context: Context | undefined,
): void {
  if (members.every(({ model }) => typeof model === "string")) return;
  contextApi.with(context ?? contextApi.active(), () => {
    for (const { model, ...member } of members)
      if (typeof model !== "string") model.recordBatch({ ...member, inputs: member.inputs ?? inputs, ids, timesMs });
  });
}

/** What the members answered to one row of a batch. */
export function memberRow(members: readonly MemberBatch[], row: number): MemberPrediction[] {
  return members.map(({ model, scores, labels, values }) => ({
    model,
    score: scores?.[row],
    label: labels?.[row],
    value: values?.[row],
  }));
}
