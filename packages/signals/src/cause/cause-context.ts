import type { FirstCause, ProfileField, SignalName } from "@tidemark/schema";
import { describedReference } from "../drift/seasonal-reference.ts";
import { fieldCountsOf, totalOf } from "../field-of.ts";
import type { FieldCounts, Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";

/** What each signal found in one window. */
export type FindingsBySignal = Readonly<Record<SignalName, readonly Finding[]>>;

/** What a cause may look at. */
export interface CauseContext {
  readonly aggregate: WindowAggregate;
  /** Only findings whose verdict is raised: warning or worse, or critical alone while critical ones are explained. */
  readonly raised: FindingsBySignal;
  readonly context: JudgeContext;
}

/** A possible cause, and the share of the window's rows that it touches: of several faults the widest comes first. */
interface Suspect {
  readonly cause: FirstCause;
  readonly touchedRatio: number;
}

/** Looks for one kind of cause; null where it is not there. */
export type FindSuspect = (of: CauseContext) => Suspect | null;

/** A feature's shares by fine bin, the window's and the reference's; empty windows are left out. */
export interface FeatureShares {
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly rows: number;
  readonly window: readonly number[];
  readonly reference: readonly number[];
}

/** Shares of every feature whose drift is raised. */
export function driftedShares(of: CauseContext): FeatureShares[] {
  return sharesOf(of, namesOf(of.raised.drift));
}

/** Features that findings are about. */
export function namesOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.filter(({ target }) => target.kind === "feature").map(({ target }) => target.name));
}

/** Shares of the features of these names. */
export function sharesOf({ aggregate, context }: CauseContext, names: ReadonlySet<string>): FeatureShares[] {
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  return context.profile.fields.flatMap((field) => {
    if (field.target !== "feature" || !names.has(field.name)) return [];
    const counts = fieldCountsOf(aggregate, field);
    if (counts === null) return [];
    const compared = describedReference(field, counts, windowMs);
    const rows = totalOf(compared.window);
    const referenceRows = totalOf(compared.reference);
    if (rows === 0 || referenceRows === 0) return [];
    return [
      {
        field,
        counts,
        rows,
        window: compared.window.map((count) => count / rows),
        reference: compared.reference.map((count) => count / referenceRows),
      },
    ];
  });
}

/** The element with the largest key, the first of equals; undefined for an empty list. */
export function largestBy<T>(items: readonly T[], key: (item: T) => number): T | undefined {
  let best: T | undefined;
  for (const item of items) if (best === undefined || key(item) > key(best)) best = item;
  return best;
}
