import { type JudgeOptions, judgeWindow, type WindowVerdict } from "../detection/judge-window.ts";
import { meanLogEvidence } from "../detection/mean-log-evidence.ts";
import type { Slice } from "./random-slices.ts";

export interface SlicesVerdict {
  readonly state: WindowVerdict["state"];
  readonly rows: number;
  /** ln of the mean of the slices' e-values. */
  readonly logEvidence: number;
  /** ln of each slice's own e-value. */
  readonly evidences: readonly number[];
  /** Index of the slice with the largest evidence, and its own verdict: its direction says which features changed together. */
  readonly strongest: number;
  readonly verdict: WindowVerdict;
}

const CRITICAL = Math.log(1000);
const WARNING = Math.log(200);
const INDEPENDENT: Pick<JudgeOptions, "variance"> = { variance: [1, 1] };

/**
 * Judges a window's counts along random slices: one e-value for the joint distribution, the mean over slices, which is valid whatever their
 * dependence. At most 1 of 1,000 stable windows of independent rows is critical.
 *
 * @param counts of `countSlices`, or sums of such.
 * @param spreadOf how far windows differ by chance along a slice (`judgeWindow`); as independent rows do unless given.
 * @returns `critical` at e >= 1000, `warning` at e >= 200, both only where the strongest slice's change is not proved negligible;
 * `insufficient_data` below 50 rows.
 * @throws RangeError where counts do not fit the slices, or a slice counted other rows than the first.
 */
export function judgeSlices(
  { slices }: { readonly slices: readonly Pick<Slice, "reference">[] },
  counts: readonly (readonly number[])[],
  spreadOf: (slice: number) => Pick<JudgeOptions, "variance" | "between"> = () => INDEPENDENT,
): SlicesVerdict {
  if (counts.length !== slices.length) {
    throw new RangeError(`counts has ${counts.length} slices; expected ${slices.length}`);
  }
  const verdicts = slices.map(({ reference }, i) => judgeWindow([{ reference, counts: counts[i]! }], spreadOf(i)));
  const rows = verdicts[0]!.rows;
  const other = verdicts.findIndex((verdict) => verdict.rows !== rows);
  if (other >= 0) throw new RangeError(`counts[${other}] sums to ${verdicts[other]!.rows}; counts[0] to ${rows}`);
  const evidences = verdicts.map((verdict) => verdict.logEvidence);
  const strongest = evidences.indexOf(Math.max(...evidences));
  const verdict = verdicts[strongest]!;
  const logEvidence = meanLogEvidence(evidences);
  const found = !verdict.practical || logEvidence < WARNING ? "ok" : logEvidence < CRITICAL ? "warning" : "critical";
  const state = verdict.state === "insufficient_data" ? verdict.state : found;
  return { state, rows, logEvidence, evidences, strongest, verdict };
}
