import type { Profile, ProfileField } from "@tidemark/schema";
import {
  createDetectionReference,
  type DetectionReference,
  detectorEdges,
  mergeByEdges,
  mergeByMap,
  rareBinMap,
} from "@tidemark/stats";
import { totalOf } from "../field-of.ts";

/** A reference ready for the detector, and the way from the field's fine bins to its bins. */
export interface DetectionBins {
  readonly reference: DetectionReference;
  /** Fine counts of the field to counts on the detector's bins. */
  merge(counts: readonly number[]): number[];
}

/** The detector's bins of one profile field: over the whole reference and by season slot. */
export interface FieldDetection {
  readonly overall: DetectionBins;
  /** Bins made from the slot's own reference counts; undefined where the profile has no such slot. */
  slot(index: number): DetectionBins | undefined;
}

const byProfile = new WeakMap<Profile, Map<ProfileField, FieldDetection>>();

/** Detection tables of a field, built once per profile object and slot (DETECTION 2). */
export function fieldDetection(profile: Profile, field: ProfileField): FieldDetection {
  let fields = byProfile.get(profile);
  if (fields === undefined) {
    fields = new Map();
    byProfile.set(profile, fields);
  }
  let detection = fields.get(field);
  if (detection === undefined) {
    detection = createFieldDetection(field);
    fields.set(field, detection);
  }
  return detection;
}

/**
 * The detector's bins for a field when its reference counts are these.
 *
 * @param rowsPerIndependent reference rows that count as one; default 1.
 */
export function detectionBins(
  field: ProfileField,
  referenceCounts: readonly number[],
  rowsPerIndependent = 1,
): DetectionBins {
  if (field.kind === "numeric") {
    return edgeBins(detectorEdges(field.boundaries, referenceCounts), referenceCounts, rowsPerIndependent);
  }
  const map = categoryMap(referenceCounts, sharesElsewhere(field, referenceCounts));
  const merge = (counts: readonly number[]) => mergeByMap(counts, map);
  return { reference: createDetectionReference(merge(referenceCounts), "categorical", rowsPerIndependent), merge };
}

/** Rows that a category must let expect, to say anything by itself. */
export const LEAST_ROWS = 10;
/** Rows of a category from which it is frequent among these, whatever luck it had. */
export const FREQUENT_ROWS = 40;

/**
 * The detector's bin of each category: it stands alone where other rows let ten of it be expected among these.
 *
 * Its own rows must not say so: of 50 equal categories those with ten rows in a season slot of 300 were lucky there, and every window
 * would have fewer of them. Only one with many rows is what it seems.
 *
 * @param counts reference rows by category, as independent ones.
 * @param shares of the categories in other rows.
 */
export function categoryMap(counts: readonly number[], shares: ArrayLike<number>): number[] {
  const rows = totalOf(counts);
  const expected = counts.map((count, bin) => (count >= FREQUENT_ROWS ? count : shares[bin]! * rows));
  return rareBinMap(expected, "categorical");
}

/** Shares of the categories in the rest of a field's reference; in all of it where a part is all. */
function sharesElsewhere({ counts }: ProfileField, part: readonly number[]): number[] {
  const [rows, all] = [totalOf(part), totalOf(counts)];
  return rows === all
    ? counts.map((count) => count / all)
    : counts.map((count, bin) => (count - part[bin]!) / (all - rows));
}

/** Fine counts merged to the detector's bins over the whole reference, whatever the counts' own shape. */
export function mergeToDetectorBins(field: ProfileField, counts: readonly number[]): number[] {
  if (field.kind === "numeric") return mergeByEdges(counts, field.detectorEdges);
  return mergeByMap(counts, rareBinMap(field.counts, "categorical"));
}

function createFieldDetection(field: ProfileField): FieldDetection {
  const slots = new Map<number, DetectionBins>();
  const rowsPerIndependent = field.varianceInflation.rowsPerIndependent?.rows ?? 1;
  const overall =
    field.kind === "numeric"
      ? edgeBins(field.detectorEdges, field.counts, rowsPerIndependent)
      : detectionBins(field, field.counts, rowsPerIndependent);
  return {
    overall,
    slot(index) {
      const counts = field.slots?.[index];
      if (counts === undefined) return undefined;
      let bins = slots.get(index);
      if (bins === undefined) {
        bins = detectionBins(field, counts);
        slots.set(index, bins);
      }
      return bins;
    },
  };
}

function edgeBins(
  edges: readonly number[],
  referenceCounts: readonly number[],
  rowsPerIndependent: number,
): DetectionBins {
  const merge = (counts: readonly number[]) => mergeByEdges(counts, [...edges]);
  return { reference: createDetectionReference(merge(referenceCounts), "numeric", rowsPerIndependent), merge };
}
