import { resolvedOutcomes } from "./resolved-outcomes.ts";
import type { Store } from "./store.ts";

/** What became of all outcomes of a model. */
export interface OutcomeSummary {
  /** Ids with an outcome. */
  readonly outcomes: number;
  /** Ids that also have a prediction. */
  readonly matched: number;
  /** Ids whose prediction is not stored: it was never sent, was sampled away, or is still to come. */
  readonly orphans: number;
  /** Told again with another time; told otherwise later; told otherwise at the same instant. */
  readonly duplicates: number;
  readonly corrected: number;
  readonly conflicts: number;
  /** First and last event time, ISO 8601 UTC; null without outcomes. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
}

/** Counts a model's outcomes by state. Cost: one pass over its outcomes and one over the ids of its predictions. */
export async function readOutcomeSummary(
  store: Store,
  key: { readonly tenant: string; readonly model: string },
): Promise<OutcomeSummary> {
  const parameters = { tenant: key.tenant, model: key.model };
  const [told] = await store.query<Told>(TOLD, parameters);
  if (told === undefined || told.outcomes === 0) {
    const none = { outcomes: 0, matched: 0, orphans: 0, duplicates: 0, corrected: 0, conflicts: 0 };
    return { ...none, firstTime: null, lastTime: null };
  }
  const [joined] = await store.query<{ matched: number }>(MATCHED, parameters);
  const { firstMs, lastMs, ...counts } = told;
  const matched = joined?.matched ?? 0;
  return {
    ...counts,
    matched,
    orphans: told.outcomes - matched,
    firstTime: new Date(firstMs).toISOString(),
    lastTime: new Date(lastMs).toISOString(),
  };
}

interface Told {
  readonly outcomes: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly conflicts: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const MODEL = "tenant = {tenant:String} AND model = {model:String}";
const TOLD = `
  SELECT toFloat64(count()) AS outcomes, toFloat64(countIf(history = 'duplicate')) AS duplicates,
    toFloat64(countIf(history = 'corrected')) AS corrected, toFloat64(countIf(history = 'conflict')) AS conflicts,
    toFloat64(toUnixTimestamp64Milli(min(ots))) AS firstMs, toFloat64(toUnixTimestamp64Milli(max(ots))) AS lastMs
  FROM (${resolvedOutcomes(MODEL)})`;
const MATCHED = `
  SELECT toFloat64(uniqExact(id)) AS matched FROM prediction
  WHERE ${MODEL} AND id IN (SELECT id FROM outcome WHERE ${MODEL})`;
