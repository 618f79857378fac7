import { medianOf } from "./read-rows.ts";
import { createSeededRandom } from "./seeded-random.ts";

const STREAMS = 400;
/** Looks before the change: the recursion is then in its stationary state. */
const STABLE_LOOKS = 2_000;

/**
 * Median delay in rows of a detector that was told the shift, and knows the stable distribution: Shiryaev-Roberts on exact
 * likelihood ratios of unit normal rows, R <- (R + 1) L, alarm at R >= A. What whole looks alone cost is in it, which Lorden's
 * bound leaves out.
 *
 * @param shift in standard deviations.
 */
export function knownShiftDelay(shift: number, alarmLooks: number, rowsALook: number): number {
  const random = createSeededRandom(`known shift ${shift} ${rowsALook}`);
  const spread = Math.sqrt(rowsALook);
  const ratioAt = (mean: number) =>
    Math.exp(shift * (mean * rowsALook + spread * random.normal()) - (rowsALook * shift ** 2) / 2);
  const delays = Array.from({ length: STREAMS }, () => {
    let evidence = 0;
    for (let look = 0; look < STABLE_LOOKS; look++) evidence = Math.min(alarmLooks, (evidence + 1) * ratioAt(0));
    let looks = 0;
    do {
      evidence = (evidence + 1) * ratioAt(shift);
      looks += 1;
    } while (evidence < alarmLooks);
    return looks * rowsALook;
  });
  return medianOf(delays);
}
