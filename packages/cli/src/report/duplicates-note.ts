import type { Profile } from "@tidemark/schema";
import { type Html, html } from "./html.ts";
import { isRuleJudged } from "./is-rule-judged.ts";
import type { ReportModel } from "./report-data.ts";

/**
 * Why rows that repeat others were not judged in the newest window, and what would have them judged; null where they were, or
 * nothing of the window's data was checked. Silence would read as "no duplicates".
 */
export function duplicatesNote({ measurements, profile }: Pick<ReportModel, "measurements" | "profile">): Html | null {
  if (profile === null || isRuleJudged(measurements, "duplicate") !== false) return null;
  return html`<p class="muted">Duplicates: not judged in the newest window. ${reasonOf(profile)}</p>`;
}

function reasonOf({ fields, duplicates, embeddings = [] }: Profile): string {
  if (!fields.some(({ target }) => target === "feature")) {
    return embeddings.length === 0
      ? "The profile has no features."
      : "The profile's only features are vectors, which are not compared.";
  }
  if (duplicates === undefined) {
    return "The profile does not say how often rows repeat: it was built from fewer than 200 rows, or before tidemark profile counted them.";
  }
  return 'No record names every feature of the profile, and points, which count each feature alone, do not tell which values came together. Let the service send records with its inputs: events: { inputs: "all" }.';
}
