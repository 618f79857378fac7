import { createHash } from "node:crypto";
import type { FirstCause, Incident, Measurement } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { groupBy } from "../group-by.ts";
import { firstCauseOf } from "./first-cause-row.ts";
import { worseState } from "./worst-state.ts";

/**
 * Incidents in a set of measurements: for each version, window length, signal and target, the runs of consecutive
 * windows whose verdict is warning, critical or no_data. A window with too little data for a verdict neither ends a
 * run nor belongs to one. Of several verdicts on one target in one window the worst counts.
 * The first cause is that of the first window of the run that has one.
 * Sorted by the start of the run, then by what it is about. Pure.
 */
export function findIncidents(measurements: readonly Measurement[]): Incident[] {
  const causes = new Map<string, FirstCause>();
  for (const measurement of measurements) {
    const cause = firstCauseOf(measurement);
    if (cause !== null) causes.set(windowIdOf(measurement), cause);
  }
  const verdicts = measurements.filter(({ state }) => state !== null && state !== "insufficient_data");
  return [...groupBy(verdicts, targetIdOf).values()]
    .flatMap((group) => runsOf(worstByWindow(group)))
    .map(({ run, open }) => incidentOf(run, open, causes))
    .sort((a, b) => compare(sortKeyOf(a), sortKeyOf(b)));
}

interface Run {
  readonly run: readonly Measurement[];
  readonly open: boolean;
}

function worstByWindow(verdicts: readonly Measurement[]): Measurement[] {
  const worst = new Map<string, Measurement>();
  for (const verdict of verdicts) {
    const known = worst.get(verdict.window.start);
    if (known === undefined || isWorse(verdict, known)) worst.set(verdict.window.start, verdict);
  }
  return [...worst.values()].sort((a, b) => compare(a.window.start, b.window.start));
}

function isWorse(a: Measurement, b: Measurement): boolean {
  if (a.state !== b.state) return worseState(a.state!, b.state!) === a.state;
  return compare(`${a.metric}${JSON.stringify(a.attributes)}`, `${b.metric}${JSON.stringify(b.attributes)}`) < 0;
}

function runsOf(windows: readonly Measurement[]): Run[] {
  const runs: Run[] = [];
  let run: Measurement[] = [];
  for (const window of windows) {
    if (window.state !== "ok") run.push(window);
    else if (run.length > 0) {
      runs.push({ run, open: false });
      run = [];
    }
  }
  if (run.length > 0) runs.push({ run, open: true });
  return runs;
}

function incidentOf(run: readonly Measurement[], open: boolean, causes: ReadonlyMap<string, FirstCause>): Incident {
  const first = run[0]!;
  const { tenant, model, version, role, signal, target } = first;
  const state = run.map((window) => window.state as MonitorState).reduce(worseState) as Incident["state"];
  const cause = run.map((window) => causes.get(windowIdOf(window))).find((found) => found !== undefined);
  return {
    id: idOf(first),
    tenant,
    model,
    version,
    role,
    signal,
    target,
    windowName: first.window.name,
    state,
    open,
    firstCause: cause ?? { kind: "unknown", target: target.name, explanation: "No known pattern explains the change." },
    windows: [...run],
  };
}

/** Stable while the run grows: made of what it is about and where it begins. */
function idOf(first: Measurement): string {
  return createHash("sha256")
    .update(`${targetIdOf(first)}\n${first.window.start}`)
    .digest("hex")
    .slice(0, 16);
}

function targetIdOf({ tenant, model, version, role, window, signal, target }: Measurement): string {
  return [tenant, model, version, role, window.name, signal, target.kind, target.name].join("\n");
}

function windowIdOf({ tenant, model, version, role, window }: Measurement): string {
  return [tenant, model, version, role, window.name, window.start].join("\n");
}

function sortKeyOf(incident: Incident): string {
  const { windows, windowName, signal, target, version, role } = incident;
  return [windows[0]!.window.start, windowName, signal, target.kind, target.name, version, role].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
