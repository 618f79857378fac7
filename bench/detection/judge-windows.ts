import { judgeWindow } from "@tidemark/stats";
import { binReference } from "./binned-reference.ts";
import { createSeededRandom } from "./seeded-random.ts";
import type { Stream } from "./streams.ts";

export interface WindowCell {
  readonly before: Stream;
  /** What the windows hold: `before` itself for a stable cell. */
  readonly after: Stream;
  readonly windowRows: number;
  /** Rows of the reference; of a seasonal one over all its phases. */
  readonly referenceRows: number;
  readonly windows: number;
}

export interface WindowTally {
  readonly windows: number;
  /** By the default rule. */
  readonly critical: number;
  /** By e >= 1000 alone. */
  readonly evidenceAlone: number;
  readonly warningOrWorse: number;
  /** Windows without a verdict: their reference holds too few independent rows. */
  readonly insufficient: number;
}

/** A fresh reference after this many windows. */
const WINDOWS_A_REFERENCE = 20;

/** Judges windows of fresh rows against references of fresh rows and counts the verdicts. */
export function judgeWindows({ before, after, windowRows, referenceRows, windows }: WindowCell): WindowTally {
  const tally = { windows: 0, critical: 0, evidenceAlone: 0, warningOrWorse: 0, insufficient: 0 };
  const random = createSeededRandom(`windows/${after.name}/${windowRows}/${referenceRows}`);
  const phases = before.phases ?? 1;
  while (tally.windows < windows) {
    const stable = before.open(random);
    const phaseRows = Math.floor(referenceRows / phases);
    const references = Array.from({ length: phases }, (_, phase) =>
      binReference(before, drawRows(stable, phaseRows, phase, phases)),
    );
    const current = after === before ? stable : after.open(random);
    for (let window = 0; window < WINDOWS_A_REFERENCE && tally.windows < windows; window++) {
      const phase = window % phases;
      const { reference, variance, binOf } = references[phase]!;
      const counts = new Array<number>(reference.binCount).fill(0);
      for (let row = 0; row < windowRows; row++) counts[binOf(current((phase + row / windowRows) / phases))]! += 1;
      const parts = [{ reference, counts }];
      const { state, evidence, practical } = judgeWindow(parts, { variance });
      tally.windows += 1;
      if (state === "insufficient_data") tally.insufficient += 1;
      else if (evidence && practical) tally.evidenceAlone += 1;
      if (state === "critical") tally.critical += 1;
      if (state === "critical" || state === "warning") tally.warningOrWorse += 1;
    }
  }
  return tally;
}

/** Rows of one phase in time order, spread evenly over it. */
function drawRows(source: (position: number) => number, rows: number, phase: number, phases: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => source((phase + row / rows) / phases));
}
