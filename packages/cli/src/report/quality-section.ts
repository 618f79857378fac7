import type { Measurement } from "@tidemark/schema";
import { attr, metric, type QualityRuleName } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { duplicatesNote } from "./duplicates-note.ts";
import { type Html, html } from "./html.ts";
import { countText, percentText, plural } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip, stateRank, worstState } from "./states.ts";
import { varietyNote } from "./variety-note.ts";

/** Some value is always the most frequent one, and there are always a few more or fewer: below their lines these rules are not broken. */
const NATURAL: readonly string[] = ["constant", "stuck", "cardinality"] satisfies QualityRuleName[];

interface QualityRow {
  readonly name: string;
  readonly rule: string;
  readonly newest: Measurement;
  readonly worst: Measurement;
  readonly rank: number;
}

/** Values that were missing, of the wrong type, out of range or unknown, by field and rule. Clean ones are only named. */
export function qualitySection({ measurements, profile }: Pick<ReportModel, "measurements" | "profile">): Html {
  const shares = measurements.filter((measurement) => measurement.metric === metric.dataQualityShare);
  const groups = Map.groupBy(
    shares,
    ({ target, attributes }) => `${target.name}\n${attributes[attr.qualityRule] ?? ""}`,
  );
  const rows = [...groups.values()]
    .flatMap((group) => rowOf(group) ?? [])
    .sort((a, b) => b.rank - a.rank || b.worst.value! - a.worst.value!);
  const broken = rows.filter(
    ({ rule, worst, rank }) => (worst.value! > 0 && !NATURAL.includes(rule)) || rank > stateRank("ok"),
  );
  const brokenNames = new Set(broken.map(({ name }) => name));
  const clean = new Set(rows.map(({ name }) => name).filter((name) => !brokenNames.has(name)));
  return html`<section aria-label="Data quality"><h3>Data quality</h3>
${rows.length === 0 ? html`<p class="empty">No value has been checked yet.</p>` : [broken.length > 0 && qualityTable(broken), clean.size > 0 && html`<p class="clean">Without a single violation: ${[...clean].join(", ")}.</p>`]}${duplicatesNote({ measurements, profile })}${varietyNote({ measurements, profile })}</section>`;
}

function rowOf(group: readonly Measurement[]): QualityRow | null {
  const measured = group
    .filter(({ value }) => value !== null)
    .sort((a, b) => (a.window.start < b.window.start ? -1 : 1));
  const newest = measured.at(-1);
  if (newest === undefined) return null;
  const worst = measured.reduce((found, next) => (next.value! > found.value! ? next : found));
  const state = worstState(measured.map((measurement) => measurement.state)) ?? "ok";
  return {
    name: newest.target.name,
    rule: newest.attributes[attr.qualityRule] ?? "",
    newest,
    worst,
    rank: stateRank(state),
  };
}

function qualityTable(rows: readonly QualityRow[]): Html {
  return html`<div class="frame" tabindex="0" role="group" aria-label="Violations"><table class="figures-table"><caption>${plural(rows.length, "rule")} broken at least once</caption>
<thead><tr><th scope="col">field</th><th scope="col" class="text">rule</th><th scope="col">newest window</th><th scope="col" class="text">verdict</th><th scope="col">reference</th><th scope="col">line</th><th scope="col">worst window</th><th scope="col">violations there</th><th scope="col" class="text">when</th><th scope="col" class="text">verdict</th></tr></thead>
<tbody>${rows.map(({ name, rule, newest, worst }) => html`<tr><th scope="row">${name}</th><td class="text">${rule.replaceAll("_", " ")}</td><td>${percentText(newest.value)}</td><td class="text">${newest.state !== null && stateChip(newest.state)}</td><td>${percentText(newest.evidence.numbers["referenceShare"] ?? null)}</td><td>${percentText(newest.threshold)}</td><td>${percentText(worst.value)}</td><td>${countText(worst.evidence.numbers["violations"] ?? null)}</td><td class="text">${periodText(worst.window.start, worst.window.end)}</td><td class="text">${worst.state !== null && stateChip(worst.state)}</td></tr>`)}</tbody></table></div>`;
}
