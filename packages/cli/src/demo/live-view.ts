import type { Measurement } from "@tidemark/schema";
import { progressLine, progressRatio, type TrafficProgress } from "./progress.ts";
import { notOkText, stateTable } from "./state-table.ts";

/** What the demo shows while the traffic runs. */
export interface LiveView {
  showProgress(progress: TrafficProgress, elapsedSeconds: number): void;
  /** Measurements of the newest judged week. */
  showState(newest: readonly Measurement[]): void;
}

const PLAIN_STEP = 0.1;
const MOVE_UP_AND_CLEAR = (lines: number) => `\u001b[${lines}A\u001b[0J`;

/** Redraws bar and table in place on a terminal; writes a plain line each tenth of the way anywhere else. */
export function createLiveView(output: NodeJS.WriteStream): LiveView {
  return output.isTTY ? terminalView(output) : plainView(output);
}

function terminalView(output: NodeJS.WriteStream): LiveView {
  let bar = "";
  let table: readonly string[] = [];
  let drawn = 0;
  const draw = () => {
    const lines = [bar, ...(table.length === 0 ? [] : ["", ...table])];
    output.write(`${drawn === 0 ? "" : MOVE_UP_AND_CLEAR(drawn)}${lines.join("\n")}\n`);
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

function plainView(output: NodeJS.WriteStream): LiveView {
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
