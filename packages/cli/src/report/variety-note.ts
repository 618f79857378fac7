import { type Html, html } from "./html.ts";
import { isRuleJudged } from "./is-rule-judged.ts";
import type { ReportModel } from "./report-data.ts";

/**
 * Why the newest window's distinct values or stuck values were not judged, and what would have them judged; null where they were, or there is
 * no feature that they mean something of.
 */
export function varietyNote({ measurements, profile }: Pick<ReportModel, "measurements" | "profile">): Html | null {
  const features = profile?.fields.filter(({ target }) => target === "feature") ?? [];
  const isMeant = features.some((field) => field.kind === "numeric" || field.otherCategories.length > 0);
  if (!isMeant || isRuleJudged(measurements, "cardinality") !== false) return null;
  return features.some(({ variety }) => variety !== undefined)
    ? html`<p class="muted">Numbers of distinct values: not judged in the newest window. No record carries inputs, and points do not tell values apart. Let the service send records with its inputs: events: { inputs: "all" }.</p>`
    : html`<p class="muted">Numbers of distinct values, and values that are stuck in a part of the rows: not judged. The profile does not say how various its features are: it was built from fewer than 1,024 rows, or before tidemark profile counted them. Then make it again.</p>`;
}
