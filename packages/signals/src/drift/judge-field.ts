import type { ModelConfig, Profile, ProfileField } from "@tidemark/schema";
import { createDetectionReference, judgeWindow, type WindowPart, type WindowVerdict } from "@tidemark/stats";
import { slotRows, totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS } from "../minimum-rows.ts";
import type { FieldCounts, SlotCounts } from "../window-aggregate.ts";
import { detectionBins, fieldDetection } from "./detection-bins.ts";
import { seasonalReference } from "./seasonal-reference.ts";
import { seasonalSpread } from "./seasonal-spread.ts";

interface JudgeFieldOptions {
  readonly profile: Profile;
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  /** Length of the window, milliseconds: days differ by more than weeks do. */
  readonly windowMs: number;
  readonly threshold: ModelConfig["drift"]["threshold"];
}

/**
 * The verdict on one field of one window (DETECTION 3 and 7).
 *
 * With a season: one part per slot present, each on its own bins (slots with fewer than 200 reference values together); effect and p-value against the slots' mixture.
 * Without: one part against the whole reference. The variance inflation is the profile's for the same comparison; with a
 * season it is that within an hour, and beside it stands what whole hours, days or weeks of the reference differ by.
 */
export function judgeField({ profile, field, counts, windowMs, threshold }: JudgeFieldOptions): WindowVerdict {
  const detection = fieldDetection(profile, field);
  const limit = threshold === undefined || !hasEffect(field, threshold) ? {} : { threshold };
  const inflation = field.varianceInflation;
  if (field.slots === null || inflation.slots === null || counts.slots.length === 0) {
    const part = { reference: detection.overall.reference, counts: detection.overall.merge(counts.counts) };
    return judgeWindow([part], { variance: inflation.rows, ...limit });
  }
  const mixture = seasonalReference(field, counts);
  const overall: WindowPart = {
    reference: createDetectionReference(detection.overall.merge(mixture.reference), field.kind),
    counts: detection.overall.merge(mixture.window),
  };
  const parts = slotParts(profile, field, counts.slots);
  const spread = seasonalSpread(inflation.slots, inflation.periods, windowMs);
  return judgeWindow(parts.length === 0 ? [overall] : parts, { ...spread, overall, ...limit });
}

/** Categories have no location, so a threshold on it leaves their verdict as it is. */
export function hasEffect(field: ProfileField, threshold: NonNullable<ModelConfig["drift"]["threshold"]>): boolean {
  return field.kind === "numeric" || threshold.metric !== "location";
}

function slotParts(profile: Profile, field: ProfileField, slots: readonly SlotCounts[]): WindowPart[] {
  const detection = fieldDetection(profile, field);
  const parts: WindowPart[] = [];
  const thinReference = field.counts.map(() => 0);
  const thinWindow = field.counts.map(() => 0);
  for (const slot of slots) {
    const reference = field.slots?.[slot.slot];
    if (reference === undefined || totalOf(slot.counts) === 0) continue;
    const bins = slotRows(field, slot.slot) < MINIMUM_REFERENCE_ROWS ? undefined : detection.slot(slot.slot);
    if (bins === undefined) {
      addInto(thinReference, reference);
      addInto(thinWindow, slot.counts);
    } else {
      parts.push({ reference: bins.reference, counts: bins.merge(slot.counts) });
    }
  }
  if (totalOf(thinReference) >= MINIMUM_REFERENCE_ROWS) {
    const bins = detectionBins(field, thinReference);
    parts.push({ reference: bins.reference, counts: bins.merge(thinWindow) });
  }
  return parts;
}

function addInto(total: number[], counts: readonly number[]): void {
  for (let bin = 0; bin < total.length; bin++) total[bin]! += counts[bin] ?? 0;
}
