import type { Target } from "@tidemark/schema";
import { judgeSlices, mergeByMap } from "@tidemark/stats";
import { unjudged } from "../drift/severity.ts";
import { totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { sliceSpread } from "../multivariate/slice-reference.ts";
import { slicesFindings } from "../multivariate/slices-findings.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import { referenceWords } from "./drift-reference.ts";
import { type KeptDirections, type NamedDirection, profileDirections } from "./kept-directions.ts";
import type { ReferenceInputs } from "./reference-findings.ts";
import { windowsReference } from "./windows-reference.ts";

/**
 * Drift of vectors, and of all features together, against windows before: the mean of the e-values along the profile's directions. Seasons are
 * out of the scores of features; what hours and weekdays of vectors differ by counts as usual.
 */
export function directionFindings(inputs: ReferenceInputs, context: JudgeContext): Finding[] {
  return profileDirections(context).flatMap(([target, directions]) => targetFindings(target, directions, inputs));
}

function targetFindings(target: Target, named: readonly NamedDirection[], inputs: ReferenceInputs): Finding[] {
  const { reference, windowMs } = inputs;
  const isOwn = (kept: { target: string; name: string }): kept is KeptDirections =>
    kept.target === target.kind && kept.name === target.name;
  const window = inputs.window.find(isOwn);
  const before = inputs.before.flatMap((kept) => kept.find(isOwn) ?? []);
  if (window === undefined && before.length === 0) return [];
  const pooled = named.flatMap((direction, place) => pooledDirection(direction, place, window, before, windowMs));
  const rows = rowsOf(window);
  const sizes = before.map(rowsOf);
  const referenceRows = totalOf(sizes);
  if (rows < MINIMUM_WINDOW_ROWS || referenceRows < MINIMUM_REFERENCE_ROWS || pooled.length === 0) {
    const note = `a verdict needs ${MINIMUM_WINDOW_ROWS} rows in the window and ${MINIMUM_REFERENCE_ROWS} independent ones in the reference; there are ${rows}, and ${referenceRows} that may depend on each other, in ${before.length} windows before`;
    return [unjudged(target, "insufficient_data", note, rows)];
  }
  const bothSides = 1 + totalOf(sizes.map((size) => size ** 2)) / referenceRows ** 2;
  const verdict = judgeSlices(
    { slices: pooled },
    pooled.map(({ counts }) => counts),
    (slice) => {
      const { variance, between = [0, 0] } = pooled[slice]!.spread;
      return { variance, between: [between[0] * bothSides, between[1] * bothSides] };
    },
  );
  const held = `held against ${referenceWords(reference)}: ${before.length} ${before.length === 1 ? "window" : "windows"} with ${referenceRows} rows`;
  const note = verdict.state === "ok" ? held : `changed most ${pooled[verdict.strongest]!.name}; ${held}`;
  return slicesFindings({ target, verdict, note, numbers: {} });
}

/** One direction of window and reference; none where either lacks it, or the reference's rows count for too few. */
function pooledDirection(
  { name, counted, isWatched }: NamedDirection,
  place: number,
  window: KeptDirections | undefined,
  before: readonly KeptDirections[],
  windowMs: number,
) {
  const own = window?.directions[place];
  const theirs = before.map(({ directions }) => directions[place]);
  if (!isWatched || own == null || theirs.some((counts) => counts == null)) return [];
  const summed = own.map((_, bin) => totalOf(theirs.map((counts) => counts![bin]!)));
  const spread = sliceSpread(counted, windowMs);
  if (totalOf(summed) / Math.max(1, ...spread.variance) < MINIMUM_REFERENCE_ROWS) return [];
  const { reference, map } = windowsReference(summed, { kind: "numeric", variance: spread.variance });
  return [{ name, spread, reference, counts: mergeByMap(own, map) }];
}

function rowsOf(kept: KeptDirections | undefined): number {
  const counts = kept?.directions.find((each) => each !== null);
  return counts == null ? 0 : totalOf(counts);
}
