import type { Profile } from "@tidemark/schema";
import { modelConfigSchema } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { type DriftReference, type KeptWindow, referenceFindings } from "@tidemark/signals";
import { wilsonInterval } from "@tidemark/stats";

const DAY_MS = 86_400_000;

/** Windows before that each reference is made of, as days before. */
export const REFERENCES: readonly { readonly reference: DriftReference; readonly daysBefore: readonly number[] }[] = [
  { reference: "previous", daysBefore: [1] },
  { reference: "rolling", daysBefore: [1, 2, 3, 4, 5, 6, 7] },
  { reference: "same_hour", daysBefore: [7, 14, 21, 28] },
];
/** Days after which every reference has all its windows. */
export const LEAST_DAYS = 28;

export interface HeldTally {
  held: number;
  critical: number;
  warning: number;
}

export function newHeldTally(): HeldTally {
  return { held: 0, critical: 0, warning: 0 };
}

/** Holds a day's window of vectors, or of all features together, against the days before it, into a tally for each reference. */
export function holdWindow(
  tallies: readonly HeldTally[],
  profile: Profile,
  days: readonly (readonly KeptWindow[])[],
  day: number,
  window: readonly KeptWindow[],
): void {
  const context = { profile, config: modelConfigSchema.parse({ name: "m", profile: "profile.json" }), configId: "" };
  REFERENCES.forEach(({ reference, daysBefore }, at) => {
    const before = daysBefore.flatMap((lag) => (day < lag ? [] : [days[day - lag]!]));
    const severity = referenceFindings({ reference, windowMs: DAY_MS, window, before }, context).find(
      ({ target, metric: name }) =>
        name === metric.driftSeverity && (target.kind === "embedding" || target.kind === "dataset"),
    );
    if (severity === undefined || severity.state === "insufficient_data") return;
    const tally = tallies[at]!;
    tally.held += 1;
    if (severity.state === "critical") tally.critical += 1;
    if (severity.state === "warning") tally.warning += 1;
  });
}

/** Events of trials with Wilson's 95 % interval. */
export function shareText(events: number, trials: number): string {
  const [lower, upper] = wilsonInterval(events, trials);
  const text = (value: number) => `${Number((100 * value).toFixed(2))}`;
  return `${events}: ${text(events / trials)} % [${text(lower)}, ${text(upper)}]`;
}
