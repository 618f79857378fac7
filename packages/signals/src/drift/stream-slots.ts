import type { Profile, ProfileField } from "@tidemark/schema";
import type { DetectionReference } from "@tidemark/stats";
import { slotRows, totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS } from "../minimum-rows.ts";
import type { FieldCounts } from "../window-aggregate.ts";
import { type DetectionBins, detectionBins, fieldDetection } from "./detection-bins.ts";

/** Counts of one interval on the bins of one of the stream's references. */
export interface StreamLook {
  readonly slot: number;
  readonly counts: readonly number[];
}

/** The references that the continuous verdict of a field is read against, and its looks on their bins. */
export interface StreamSlots {
  readonly references: readonly DetectionReference[];
  /** Variance inflation of the reference rows; null where their order in time is not known. */
  readonly variance: readonly [number, number] | null;
  /** Variance of levels that last, times the hours they last (`EDetectorOptions.levelVariance`). */
  readonly levels: readonly [number, number];
  /** One look a season slot, in order; slots that the reference hardly knows are one together. */
  looksOf(counts: FieldCounts): StreamLook[];
}

const byField = new WeakMap<ProfileField, StreamSlots | { readonly none: true }>();

/** The stream's view of a profile field, built once; null where the reference has too few rows for a verdict, or a category in nearly every row. */
export function streamSlots(profile: Profile, field: ProfileField): StreamSlots | null {
  let known = byField.get(field);
  if (known === undefined) {
    known = createStreamSlots(profile, field) ?? { none: true };
    byField.set(field, known);
  }
  return "none" in known ? null : known;
}

function createStreamSlots(profile: Profile, field: ProfileField): StreamSlots | null {
  const known = totalOf(field.counts);
  if (known < MINIMUM_REFERENCE_ROWS) return null;
  // Values that name rows: what is left of categories is a few rows in ten thousand, which a slot of hundreds cannot know.
  if (field.kind === "categorical" && field.counts.at(-1)! > NEARLY_ALL * known) return null;
  const { rows, slots } = field.varianceInflation;
  const isOrdered = profile.source.start !== null;
  if (field.slots === null || slots === null) {
    const bins = fieldDetection(profile, field).overall;
    return {
      references: [bins.reference],
      variance: isOrdered ? rows : null,
      levels: [0, 0],
      looksOf: ({ counts }) => [{ slot: 0, counts: bins.merge(counts) }],
    };
  }
  const { periods } = field.varianceInflation;
  if (!isOrdered || periods === undefined) return seasonalSlots(field, isOrdered ? slots : null, [0, 0]);
  const { withinHour, hour, day, week } = periods;
  const lasting = (probe: 0 | 1) => Math.max(hour[probe], HOURS_A_DAY * day[probe], HOURS_A_WEEK * week[probe]);
  return seasonalSlots(field, withinHour, [lasting(0), lasting(1)]);
}

/** Share of rows of categories too rare to stand alone. */
const NEARLY_ALL = 0.99;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;

function seasonalSlots(
  field: ProfileField,
  variance: readonly [number, number] | null,
  levels: readonly [number, number],
): StreamSlots | null {
  const rowsPerIndependent = field.varianceInflation.rowsPerIndependent?.slots ?? 1;
  const references: DetectionBins[] = [];
  const placeOf = new Map<number, number>();
  const thin = field.counts.map(() => 0);
  const thinSlots: number[] = [];
  field.slots?.forEach((counts, slot) => {
    if (slotRows(field, slot) >= MINIMUM_REFERENCE_ROWS) {
      placeOf.set(slot, references.length);
      references.push(detectionBins(field, counts, rowsPerIndependent));
    } else {
      thinSlots.push(slot);
      counts.forEach((count, bin) => {
        thin[bin]! += count;
      });
    }
  });
  if (totalOf(thin) >= MINIMUM_REFERENCE_ROWS) {
    for (const slot of thinSlots) placeOf.set(slot, references.length);
    references.push(detectionBins(field, thin, rowsPerIndependent));
  }
  if (references.length === 0) return null;
  return {
    references: references.map(({ reference }) => reference),
    variance,
    levels,
    looksOf: ({ slots }) =>
      slots.flatMap(({ slot, counts }) => {
        const place = placeOf.get(slot);
        if (place === undefined || totalOf(counts) === 0) return [];
        return [{ slot: place, counts: references[place]!.merge(counts) }];
      }),
  };
}
