import type { DeploymentRole } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { groupBy } from "../group-by.ts";
import { readMeasurements } from "./measurements.ts";
import { keyText, type ModelKey } from "./models.ts";
import type { Store } from "./store.ts";

/** A challenger, canary or shadow against the champion, as of its newest window. */
export interface StoredComparison {
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  /** `challenger_better`, `champion_better`, `equivalent`, `undecided` or `insufficient_data`. */
  readonly verdict: string;
  /** Requests that both answered and whose outcome counts. */
  readonly pairs: number;
  /** Mean loss of the challenger less the champion's, with bounds that hold at every look together with 95 %. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** The same in words, with loss and assumption. */
  readonly note: string;
  /** Pairs when the verdict fell; null while there is none. */
  readonly decidedAtPairs: number | null;
  readonly windowName: string;
  readonly windowEnd: string;
}

/** The comparisons of a model, by role and version. */
export async function readComparisons(
  store: Store,
  { tenant, model }: Pick<ModelKey, "tenant" | "model">,
): Promise<StoredComparison[]> {
  const rows = await readMeasurements(store, { tenant, model, signal: "comparison", latest: true });
  return [...groupBy(rows, (row) => `${keyText(row)} ${row.window.name}`).values()].flatMap((group) => {
    const found = group.find((row) => row.metric === metric.comparisonDifference);
    const standing = group.find((row) => row.metric === metric.comparisonVerdict && row.value === 1);
    if (found === undefined || standing === undefined) return [];
    const { version, role, value, lower, upper, count, evidence, window } = found;
    return [
      {
        model,
        version,
        role,
        verdict: standing.attributes[attr.comparisonVerdict]!,
        pairs: count,
        difference: value,
        lower,
        upper,
        note: evidence.note,
        decidedAtPairs: evidence.numbers["decidedAtPairs"] ?? null,
        windowName: window.name,
        windowEnd: window.end,
      },
    ];
  });
}
