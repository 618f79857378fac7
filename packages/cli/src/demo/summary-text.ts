import type { DemoSummary, IncidentRow, WeekRow } from "./demo-summary.ts";

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
    `${number(summary.predictions)} predictions and ${number(summary.outcomes)} outcomes in ${summary.seconds.toFixed(1)} s: ` +
      `${number(summary.predictionsPerSecond)} predictions/s end to end, until every window was judged`,
  ];
}

function weekText({ start, predictions, ...week }: WeekRow): string {
  const { coverage, lateShare, accuracy, f1, rocAuc, logLoss, brier } = week;
  const scores = [accuracy, f1, rocAuc, logLoss, brier].map((value) => value?.toFixed(4) ?? "-");
  return tableRow([start.slice(0, 10), number(predictions), percent(coverage), percent(lateShare), ...scores]);
}

function incidentText(incidents: readonly IncidentRow[]): string[] {
  const ids = [...new Set(incidents.map(({ incidentId }) => incidentId))];
  if (ids.length === 0) return ["No incident: nothing that was judged moved."];
  const lineOf = (id: string) => incidentLine(incidents.filter(({ incidentId }) => incidentId === id));
  return ["Incidents", ...ids.map((id) => `  ${lineOf(id)}`)];
}

/** `drift of distance, 7d: critical from 2001-04-30 to 2001-07-02 (9 windows), first cause unit_change of distance` */
function incidentLine(rows: readonly IncidentRow[]): string {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const state = rows.some((row) => row.state === "critical") ? "critical" : first.state;
  const span = `from ${first.windowStart.slice(0, 10)} to ${last.windowEnd.slice(0, 10)}`;
  const windows = rows.length === 1 ? "1 window" : `${rows.length} windows`;
  const { kind, target } = first.firstCause;
  return `${first.signal} of ${first.target}, ${first.window}: ${state} ${span} (${windows}), first cause ${kind} of ${target}`;
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
