import type { DemoSummary, IncidentRow, WeekRow } from "./demo-summary.ts";

/** Incidents in windows of this length are listed one by one, others only counted. */
const LISTED_WINDOW = "7d";

/** The summary for people, as lines. */
export function summaryText(summary: DemoSummary): string[] {
  return [
    "",
    "Performance by week (labels known when the flights have landed)",
    tableRow(["week of", "flights", "labelled", "late", "accuracy", "F1", "ROC AUC", "log loss", "Brier"]),
    ...summary.weekly.map(weekText),
    "",
    ...incidentText(summary.incidents),
    "",
    `${number(summary.predictions)} predictions and ${number(summary.outcomes)} outcomes:`,
    `  stored ${throughput(summary.predictions, summary.ingestSeconds)}`,
    `  judged ${throughput(summary.predictions, summary.seconds)}`,
  ];
}

function weekText({ start, predictions, ...week }: WeekRow): string {
  const { coverage, lateShare, accuracy, f1, rocAuc, logLoss, brier } = week;
  const scores = [accuracy, f1, rocAuc, logLoss, brier].map((value) => value?.toFixed(4) ?? "-");
  return tableRow([start.slice(0, 10), number(predictions), percent(coverage), percent(lateShare), ...scores]);
}

function incidentText(incidents: readonly IncidentRow[]): string[] {
  if (incidents.length === 0) return ["No incident: nothing that was judged moved."];
  const listed = incidents.filter(({ window }) => window === LISTED_WINDOW);
  const others = countOf(incidents) - countOf(listed);
  const linesOf = (id: string) => incidentLine(listed.filter(({ incidentId }) => incidentId === id));
  return [
    `Incidents in weekly windows${others === 0 ? "" : ` (and ${others} in shorter ones, see the report)`}`,
    ...idsOf(listed).map((id) => `  ${linesOf(id)}`),
  ];
}

function idsOf(incidents: readonly IncidentRow[]): string[] {
  return [...new Set(incidents.map(({ incidentId }) => incidentId))];
}

function countOf(incidents: readonly IncidentRow[]): number {
  return idsOf(incidents).length;
}

function throughput(predictions: number, seconds: number): string {
  return `in ${seconds.toFixed(1)} s, ${number(predictions / seconds)} predictions/s`;
}

/** `drift of distance: critical from 2001-04-30 to 2001-07-02 (9 windows), first cause unit_change of distance` */
function incidentLine(rows: readonly IncidentRow[]): string {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const state = rows.some((row) => row.state === "critical") ? "critical" : first.state;
  const span = `from ${first.windowStart.slice(0, 10)} to ${last.windowEnd.slice(0, 10)}`;
  const windows = rows.length === 1 ? "1 window" : `${rows.length} windows`;
  const { kind, target } = first.firstCause;
  const what = first.targetKind === "feature" ? first.target : `${first.targetKind} ${first.target}`;
  return `${first.signal.replace("_", " ")} of ${what}: ${state} ${span} (${windows}), first cause ${kind} of ${target}`;
}

function tableRow(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(10) : cell.padStart(10))).join("");
}

function percent(ratio: number | null): string {
  return ratio === null ? "-" : `${(ratio * 100).toFixed(1)} %`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}
