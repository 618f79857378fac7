import type { ProfileField } from "@tidemark/schema";

/** Codes of a feature's values, for the small models that tell a window from the reference. */
export interface FeatureCodes {
  /** Codes are 0 (no value) to size - 1. */
  readonly size: number;
  /**
   * Code by cell. Numeric: the fine bin. Categorical: the index of the category, then one cell for other known ones and one
   * for unseen ones. A value in no cell has code 0.
   */
  readonly codeOfCell: Uint8Array;
}

/** Codes for models that look closer, and the coarse code that each lies in. */
export interface FineFeatureCodes extends FeatureCodes {
  readonly coarse: Uint8Array;
  readonly coarseSize: number;
  /** Whether codes rise with the value: numeric ones do. */
  readonly isOrdered: boolean;
}

const NUMERIC_GROUPS = 8;
/** A multiple of the above, so that each fine group lies in one coarse one. */
const FINE_GROUPS = 48;
const MAX_CATEGORIES = 40;
const known = new WeakMap<ProfileField, FeatureCodes>();
const knownFine = new WeakMap<ProfileField, FineFeatureCodes>();

/**
 * Codes of a profile's feature (ESTIMATION 1.1): numeric by eighths of the reference, below its minimum and above its maximum;
 * categorical by the 40 most frequent categories, other known and unseen ones. Fine bins are never split, so the eighths are
 * exact to 1/120, and a value on an edge belongs below it, as wherever a feature's histogram is read.
 */
export function featureCodes(field: ProfileField): FeatureCodes {
  let codes = known.get(field);
  if (codes === undefined) {
    codes =
      field.kind === "numeric" ? numericCodes(field.counts, NUMERIC_GROUPS) : categoryCodes(field.categories.length);
    known.set(field, codes);
  }
  return codes;
}

/** Codes of a profile's feature for boosted trees (ESTIMATION 1.8): numeric by 48ths of the reference. */
export function fineFeatureCodes(field: ProfileField): FineFeatureCodes {
  let codes = knownFine.get(field);
  if (codes === undefined) {
    const plain = featureCodes(field);
    const fine = field.kind === "numeric" ? numericCodes(field.counts, FINE_GROUPS) : plain;
    const coarse = new Uint8Array(fine.size);
    fine.codeOfCell.forEach((code, cell) => {
      coarse[code] = plain.codeOfCell[cell]!;
    });
    codes = { ...fine, coarse, coarseSize: plain.size, isOrdered: field.kind === "numeric" };
    knownFine.set(field, codes);
  }
  return codes;
}

/** The first and the last bin lie beyond the reference's range and are empty in it. */
function numericCodes(counts: readonly number[], groups: number): FeatureCodes {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const codeOfCell = new Uint8Array(counts.length);
  let below = 0;
  let group = -1;
  let last = 0;
  for (let bin = 1; bin < counts.length - 1; bin++) {
    const wanted = Math.min(groups - 1, Math.floor((groups * below) / Math.max(total, 1)));
    if (wanted > group) {
      group = wanted;
      last++;
    }
    codeOfCell[bin] = last;
    below += counts[bin]!;
  }
  codeOfCell[0] = last + 1;
  codeOfCell[counts.length - 1] = last + 2;
  return { size: last + 3, codeOfCell };
}

function categoryCodes(count: number): FeatureCodes {
  const listed = Math.min(count, MAX_CATEGORIES);
  const codeOfCell = Uint8Array.from({ length: count + 2 }, (_, cell) => Math.min(cell, listed) + 1);
  codeOfCell[count + 1] = listed + 2;
  return { size: listed + 3, codeOfCell };
}
