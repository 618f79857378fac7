import { metric } from "@tidemark/semconv";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";

/** A figure in the head of the report. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Beside the value, small; empty for nothing. */
  readonly aside: string;
}

/** The first of these that is measured says most in one figure. */
const LEADS = [
  [metric.performanceRocAuc, "ROC AUC"],
  [metric.performanceAccuracy, "Accuracy"],
  [metric.performanceMae, "Mean absolute error"],
] as const;

/** The score that a reader asks for first, of the newest judged window, beside the reference's. Empty without one. */
export function leadScore({ measurements }: ReportModel): Fact[] {
  for (const [name, title] of LEADS) {
    const newest = measurements
      .filter((found) => found.metric === name && found.state !== "insufficient_data" && found.value !== null)
      .reduce<ReportModel["measurements"][number] | null>(
        (latest, found) => (latest === null || found.window.start > latest.window.start ? found : latest),
        null,
      );
    if (newest === null) continue;
    const reference = newest.evidence.numbers["reference"];
    const aside = reference === undefined ? "" : `reference ${scoreText(reference)}`;
    return [{ name: `${title}, newest judged`, value: scoreText(newest.value), aside }];
  }
  return [];
}
