import type { FirstCause, ProfileField, SignalName } from "@tidemark/schema";
import { describedReference } from "../drift/seasonal-reference.ts";
import { fieldCountsOf, totalOf } from "../field-of.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";

/** What each signal found in one window. */
export type FindingsBySignal = Readonly<Record<SignalName, readonly Finding[]>>;

/** What a cause may look at. */
export interface CauseContext {
  readonly aggregate: WindowAggregate;
  readonly findings: FindingsBySignal;
  readonly context: JudgeContext;
}

/** Looks for one kind of cause; null where it is not there. */
export type FindCause = (of: CauseContext) => FirstCause | null;

/** A feature's shares by fine bin, the window's and the reference's; empty windows are left out. */
export interface FeatureShares {
  readonly field: ProfileField;
  readonly rows: number;
  readonly window: readonly number[];
  readonly reference: readonly number[];
}

/** Shares of every feature that is not ignored and has values in window and reference. */
export function featureShares({ aggregate, context }: CauseContext): FeatureShares[] {
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  return context.profile.fields.flatMap((field) => {
    const counts = field.target === "feature" ? fieldCountsOf(aggregate, field) : null;
    if (counts === null || context.config.drift.ignore.includes(field.name)) return [];
    const compared = describedReference(field, counts, windowMs);
    const rows = totalOf(compared.window);
    const referenceRows = totalOf(compared.reference);
    if (rows === 0 || referenceRows === 0) return [];
    return [
      {
        field,
        rows,
        window: compared.window.map((count) => count / rows),
        reference: compared.reference.map((count) => count / referenceRows),
      },
    ];
  });
}

/** Whether a finding's verdict is a warning or worse. */
export function isRaised(finding: Finding): boolean {
  return finding.state === "warning" || finding.state === "critical" || finding.state === "no_data";
}

/** The element with the largest key, the first of equals; undefined for an empty list. */
export function largestBy<T>(items: readonly T[], key: (item: T) => number): T | undefined {
  let best: T | undefined;
  for (const item of items) if (best === undefined || key(item) > key(best)) best = item;
  return best;
}
