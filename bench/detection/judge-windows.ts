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
  readonly seed: string;
}

/** The windows against one reference (of a season: one for each phase). They share its error. */
export interface ReferenceTally {
  /** Windows with a verdict. */
  readonly judged: number;
  /** Windows without one: their reference holds too few independent rows. */
  readonly insufficient: number;
  /** By the default rule. */
  readonly critical: number;
  /** By e >= 1000 alone. */
  readonly evidenceAlone: number;
  readonly warningOrWorse: number;
}

/** A fresh reference after this many windows: few, since windows against one reference are not independent trials. */
const WINDOWS_A_REFERENCE = 5;

/** Judges windows of fresh rows against references of fresh rows and counts the verdicts, reference by reference. */
export function judgeWindows(cell: WindowCell): ReferenceTally[] {
  const { before, after, windowRows, referenceRows, windows, seed } = cell;
  const random = createSeededRandom(`${seed}/windows/${after.name}/${windowRows}/${referenceRows}`);
  const phases = before.phases ?? 1;
  return Array.from({ length: Math.ceil(windows / WINDOWS_A_REFERENCE) }, () => {
    const stable = before.open(random);
    const phaseRows = Math.floor(referenceRows / phases);
    const references = Array.from({ length: phases }, (_, phase) =>
      binReference(before, drawRows(stable, phaseRows, phase, phases)),
    );
    const current = after === before ? stable : after.open(random);
    const tally = { judged: 0, insufficient: 0, critical: 0, evidenceAlone: 0, warningOrWorse: 0 };
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const phase = window % phases;
      const { reference, variance, binOf } = references[phase]!;
      const counts = new Array<number>(reference.binCount).fill(0);
      for (let row = 0; row < windowRows; row++) counts[binOf(current((phase + row / windowRows) / phases))]! += 1;
      const { state, evidence, practical } = judgeWindow([{ reference, counts }], { variance });
      if (state === "insufficient_data") {
        tally.insufficient += 1;
        continue;
      }
      tally.judged += 1;
      if (evidence && practical) tally.evidenceAlone += 1;
      if (state === "critical") tally.critical += 1;
      if (state !== "ok") tally.warningOrWorse += 1;
    }
    return tally;
  });
}

/** Rows of one phase in time order, spread evenly over it. */
function drawRows(source: (position: number) => number, rows: number, phase: number, phases: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => source((phase + row / rows) / phases));
}
