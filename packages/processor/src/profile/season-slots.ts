import type { Profile } from "@tidemark/schema";

/** A slot with fewer reference rows cannot be told from noise (DETECTION 6). */
export const MIN_SLOT_ROWS = 200;

/**
 * Slots of the week from rows by hour of the week (0: Monday 00:00): neighbouring hours are merged, the smallest
 * slot with its smaller neighbour first and round the end of the week, until each holds 200 rows. Slots are numbered
 * by their first hour. Null where that leaves a single slot.
 */
export function seasonSlots(rowsByHour: readonly number[]): Profile["season"] {
  let slots = rowsByHour.map((rows, hour) => ({ rows, hours: [hour] }));
  for (;;) {
    const smallest = slots.reduce((best, slot, index) => (slot.rows < slots[best]!.rows ? index : best), 0);
    if (slots.length === 1 || slots[smallest]!.rows >= MIN_SLOT_ROWS) break;
    const before = (smallest + slots.length - 1) % slots.length;
    const after = (smallest + 1) % slots.length;
    const neighbour = slots[before]!.rows < slots[after]!.rows ? before : after;
    const merged = {
      rows: slots[smallest]!.rows + slots[neighbour]!.rows,
      hours: [...slots[smallest]!.hours, ...slots[neighbour]!.hours],
    };
    const kept = Math.min(smallest, neighbour);
    slots = slots.flatMap((slot, index) =>
      index === kept ? [merged] : index === smallest || index === neighbour ? [] : [slot],
    );
  }
  if (slots.length === 1) return null;
  const slotOfHour = new Array<number>(rowsByHour.length).fill(0);
  slots
    .map((slot) => Math.min(...slot.hours))
    .map((first, index) => ({ first, hours: slots[index]!.hours }))
    .sort((a, b) => a.first - b.first)
    .forEach(({ hours }, slot) => {
      for (const hour of hours) slotOfHour[hour] = slot;
    });
  return { slotOfHour, slotCount: slots.length };
}
