import { styleText } from "node:util";
import type { Measurement, SignalName } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";

const SIGNALS: readonly SignalName[] = ["drift", "data_quality", "performance", "service"];
const COLOURS = { ok: "green", warning: "yellow", critical: "red", no_data: "red", insufficient_data: "gray" } as const;
/** From best to worst, for the worst of several verdicts on one target. */
const SEVERITY: readonly MonitorState[] = ["insufficient_data", "ok", "warning", "no_data", "critical"];
const NAME_WIDTH = 24;
const CELL_WIDTH = 16;

type Verdicts = ReadonlyMap<string, Partial<Record<SignalName, MonitorState>>>;

/**
 * State by feature, prediction and outcome, a column each signal, as lines; the worst verdict where a signal gives
 * several. Empty before the first window is judged.
 *
 * @param newest measurements of the newest window of one length
 */
export function stateTable(newest: readonly Measurement[]): string[] {
  const verdicts = verdictsByTarget(newest);
  const window = newest[0]?.window;
  if (window === undefined || verdicts.size === 0) return [];
  const span = `${window.start.slice(0, 10)} to ${window.end.slice(0, 10)}`;
  const columns = SIGNALS.filter((signal) => [...verdicts.values()].some((row) => row[signal] !== undefined));
  const header = columns.map((signal) => signal.replace("_", " ").padEnd(CELL_WIDTH)).join("");
  const rows = [...verdicts].map(
    ([name, row]) => `${name.padEnd(NAME_WIDTH)}${columns.map((c) => cell(row[c])).join("")}`,
  );
  return [`${span.padEnd(NAME_WIDTH)}${header}`.trimEnd(), ...rows.map((row) => row.trimEnd())];
}

/** The targets that are not ok, in words, for a terminal without cursor movement: `distance critical (drift)`. */
export function notOkText(newest: readonly Measurement[]): string {
  const found = [...verdictsByTarget(newest)].flatMap(([name, row]) =>
    Object.entries(row)
      .filter(([, state]) => state !== "ok" && state !== "insufficient_data")
      .map(([signal, state]) => `${name} ${state} (${signal.replace("_", " ")})`),
  );
  return found.length === 0 ? "all ok" : found.join(", ");
}

function verdictsByTarget(newest: readonly Measurement[]): Verdicts {
  const verdicts = new Map<string, Partial<Record<SignalName, MonitorState>>>();
  for (const { target, signal, state } of newest) {
    if (state === null) continue;
    const name = target.kind === "feature" ? target.name : `${target.kind} ${target.name}`;
    const row = verdicts.get(name) ?? {};
    row[signal] = worse(row[signal], state);
    verdicts.set(name, row);
  }
  return verdicts;
}

function worse(a: MonitorState | undefined, b: MonitorState): MonitorState {
  return a === undefined || SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a;
}

function cell(state: MonitorState | undefined): string {
  if (state === undefined) return " ".repeat(CELL_WIDTH);
  return styleText(COLOURS[state], state.replace("_", " ").padEnd(CELL_WIDTH));
}
