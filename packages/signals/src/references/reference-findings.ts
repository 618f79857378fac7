import type { Profile, ProfileField, Target } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { judgeWindow, mergeByMap, type WindowVerdict } from "@tidemark/stats";
import { fieldDetection } from "../drift/detection-bins.ts";
import { hasEffect } from "../drift/judge-field.ts";
import { seasonalSpread } from "../drift/seasonal-spread.ts";
import { evidenceFinding, severityFinding, unjudged } from "../drift/severity.ts";
import { streamedFields } from "../drift/stream-looks.ts";
import { totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import { directionFindings } from "./direction-findings.ts";
import { type DriftReference, referenceWords } from "./drift-reference.ts";
import { type PooledReference, pooledReference } from "./pooled-reference.ts";
import type { KeptCounts, KeptWindow } from "./window-counts.ts";
import { windowsReference } from "./windows-reference.ts";

export interface ReferenceInputs {
  readonly reference: DriftReference;
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
  readonly window: readonly KeptWindow[];
  /** The windows that the reference is made of, as far as they are known. */
  readonly before: readonly (readonly KeptWindow[])[];
}

/**
 * Drift of a window against windows before it instead of training: severity with its verdict, and evidence, of every
 * watched field, vector feature and of all features together, each with the reference as an attribute. Pure: the same counts give the same findings to the bit.
 */
export function referenceFindings(inputs: ReferenceInputs, context: JudgeContext): Finding[] {
  const fields = streamedFields(context).flatMap((field) => fieldFindings(field, inputs, context));
  return [...fields, ...directionFindings(inputs, context)].map((finding) => ({
    ...finding,
    attributes: { ...finding.attributes, [attr.driftReference]: inputs.reference },
  }));
}

function fieldFindings(field: ProfileField, inputs: ReferenceInputs, context: JudgeContext): Finding[] {
  const target: Target = { kind: field.target, name: field.name };
  const isOwn = (kept: KeptWindow): kept is KeptCounts => kept.target === field.target && kept.name === field.name;
  const window = inputs.window.find(isOwn);
  const rows = window === undefined ? 0 : totalOf(window.counts);
  const before = inputs.before.flatMap((kept) => kept.find(isOwn) ?? []);
  const pooled = window === undefined ? null : pooledReference(context.profile, field, window, before);
  if (window === undefined || pooled === null || rows < MINIMUM_WINDOW_ROWS || pooled.rows < MINIMUM_REFERENCE_ROWS) {
    const note = `a verdict needs ${MINIMUM_WINDOW_ROWS} values in the window and ${MINIMUM_REFERENCE_ROWS} in the reference; there are ${Math.round(rows)} and ${Math.round(pooled?.rows ?? 0)}, in ${before.length} windows before`;
    return [unjudged(target, "insufficient_data", note, rows)];
  }
  const { threshold } = context.config.drift;
  const verdict = judgeAgainst(context.profile, field, window, pooled, inputs.windowMs, threshold);
  const held = `${before.length} ${before.length === 1 ? "window" : "windows"} with ${Math.round(pooled.rows)} values`;
  if (verdict.state === "insufficient_data") {
    const note = `${referenceWords(inputs.reference)}, ${held}, count for fewer than ${MINIMUM_REFERENCE_ROWS} independent ones: its rows depend on each other`;
    return [unjudged(target, "insufficient_data", note, rows)];
  }
  const note = `held against ${referenceWords(inputs.reference)}: ${held}`;
  const described = { target, verdict, threshold, count: rows, effective: rows, note, bins: null };
  return [severityFinding(described), evidenceFinding(target, verdict, rows, rows)];
}

/**
 * The verdict (DETECTION 3 and 7) where the reference is no larger than the window: its rows depend on each other as the
 * window's do, so they count as `rows / inflation`; and what whole windows differ by, they differ by on both sides,
 * 1 + 1 / windows times.
 */
function judgeAgainst(
  profile: Profile,
  field: ProfileField,
  window: KeptCounts,
  { counts, windows }: PooledReference,
  windowMs: number,
  threshold: JudgeContext["config"]["drift"]["threshold"],
): WindowVerdict {
  const inflation = field.varianceInflation;
  const isSeasonal = field.slots !== null && window.slotRows.length > 0;
  const { variance, between = [0, 0] } =
    isSeasonal && inflation.slots !== null
      ? seasonalSpread(inflation.slots, inflation.periods, windowMs)
      : { variance: inflation.rows };
  const { probabilities } = fieldDetection(profile, field).overall.reference;
  const { reference, map } = windowsReference(counts, { kind: field.kind, variance, shares: probabilities });
  const part = { reference, counts: mergeByMap(window.counts, map) };
  const bothSides = 1 + 1 / windows;
  return judgeWindow([part], {
    variance,
    between: [between[0] * bothSides, between[1] * bothSides],
    ...(threshold !== undefined && hasEffect(field, threshold) && { threshold }),
  });
}
