import { judgeWindow } from "@tidemark/stats";
import { drawReference, phaseOf } from "./binned-reference.ts";
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
const WINDOWS_A_SEASON = 5;

/** Judges windows of fresh rows against references of fresh rows and counts the verdicts, reference by reference. */
export function judgeWindows(cell: WindowCell): ReferenceTally[] {
  const { before, after, windowRows, referenceRows, windows, seed } = cell;
  const random = createSeededRandom(`${seed}/windows/${after.name}/${windowRows}/${referenceRows}`);
  // Of a season the reference shows whole ones, at the windows' pace where it is long enough.
  const windowsASeason = before.phases === undefined ? 1 : WINDOWS_A_SEASON;
  const seasons = Math.max(1, Math.floor(referenceRows / (windowsASeason * windowRows)));
  const positionOf = (row: number) => ((row * seasons) / referenceRows) % 1;
  return Array.from({ length: Math.ceil(windows / WINDOWS_A_REFERENCE) }, () => {
    const stable = before.open(random);
    const against = drawReference(before, stable, referenceRows, positionOf);
    const current = after === before ? stable : after.open(random);
    const tally = { judged: 0, insufficient: 0, critical: 0, evidenceAlone: 0, warningOrWorse: 0 };
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const parts = against.slots.map(({ reference }) => ({
        reference,
        counts: new Array<number>(reference.binCount).fill(0),
      }));
      for (let row = 0; row < windowRows; row++) {
        const position = ((window % windowsASeason) + row / windowRows) / windowsASeason;
        const phase = phaseOf(against, position);
        parts[phase]!.counts[against.slots[phase]!.binOf(current(position))]! += 1;
      }
      const seen = parts.filter(({ counts }) => counts.some((count) => count > 0));
      const { state, evidence, practical } = judgeWindow(seen, { variance: against.variance });
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
