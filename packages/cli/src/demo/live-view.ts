import type { Measurement } from "@tidemark/schema";
import { progressLine, progressRatio, type TrafficProgress } from "./progress.ts";
import { notOkText, stateTable } from "./state-table.ts";

/** What the demo shows while the traffic runs. */
export interface LiveView {
  showProgress(progress: TrafficProgress, elapsedSeconds: number): void;
  /** Measurements of the newest judged week. */
  showState(newest: readonly Measurement[]): void;
}

/** What is needed of `process.stdout`. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly rows?: number;
  write(text: string): unknown;
}

const PLAIN_STEP = 0.1;
const DEFAULT_ROWS = 24;
const moveUpAndClear = (lines: number) => `\u001b[${lines}A\u001b[0J`;
/** A line that is too long is cut: one that wrapped would take more rows than were counted. */
const WRAP_OFF = "\u001b[?7l";
const WRAP_ON = "\u001b[?7h";

/** Redraws bar and table in place on a terminal; writes a plain line each tenth of the way anywhere else. */
export function createLiveView(output: Terminal): LiveView {
  return output.isTTY ? terminalView(output) : plainView(output);
}

function terminalView(output: Terminal): LiveView {
  let bar = "";
  let table: readonly string[] = [];
  let drawn = 0;
  const draw = () => {
    const wanted = [bar, ...(table.length === 0 ? [] : ["", ...table])];
    const lines = wanted.slice(0, (output.rows ?? DEFAULT_ROWS) - 1);
    output.write(`${drawn === 0 ? "" : moveUpAndClear(drawn)}${WRAP_OFF}${lines.join("\n")}${WRAP_ON}\n`);
    drawn = lines.length;
  };
  return {
    showProgress(progress, elapsedSeconds) {
      bar = progressLine(progress, elapsedSeconds);
      draw();
    },
    showState(newest) {
      table = stateTable(newest);
      draw();
    },
  };
}

function plainView(output: Terminal): LiveView {
  let newest: readonly Measurement[] = [];
  let nextRatio = PLAIN_STEP;
  return {
    showProgress(progress, elapsedSeconds) {
      const ratio = progressRatio(progress);
      if (ratio < nextRatio) return;
      nextRatio = Math.floor(ratio / PLAIN_STEP) * PLAIN_STEP + PLAIN_STEP;
      output.write(`${progressLine(progress, elapsedSeconds)}\n`);
      const week = newest[0]?.window.start.slice(0, 10);
      if (week !== undefined) output.write(`    week of ${week}: ${notOkText(newest)}\n`);
    },
    showState(measurements) {
      newest = measurements;
    },
  };
}
