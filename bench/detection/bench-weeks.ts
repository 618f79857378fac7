import {
  createDetectionReference,
  judgeWindow,
  normalQuantile,
  normalUpperTail,
  periodVariance,
  probeValues,
} from "@tidemark/stats";
import type { BenchResult } from "../bench-result.ts";
import type { DetectionRun } from "./detection-run.ts";
import { proportionOf } from "./proportion.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

const REFERENCES = { quick: 200, default: 5_000, full: 20_000 } as const;
/** Standard deviation of what whole weeks differ by; of a standard normal feature. */
const WEEK_SD = 0.25;
const REFERENCE_WEEKS = [4, 8, 13, 26] as const;
/** What the week that is judged is shifted by, beyond its own level; 0 is a stable one. */
const SHIFTS = [0, 0.5, 1, 2] as const;
/** So many that a week's rows say its level exactly, and only weeks are few. */
const ROWS_A_WEEK = 20_000;
const BINS = 20;
const EDGES = Array.from({ length: BINS - 1 }, (_, k) => normalQuantile((k + 1) / BINS));

/** Windows of a week where weeks differ, beside what a reference of few weeks knows of how much they do. */
export function benchWeeks({ size, seed, shares }: DetectionRun): BenchResult[] {
  console.log(`\nWindows of a week where weeks differ by ${WEEK_SD} sd: critical, per 1,000`);
  return REFERENCE_WEEKS.flatMap((weeks) =>
    SHIFTS.map((shift) => {
      const name = `weeks ${weeks} shift ${shift}`;
      const found = shares.run(name, () =>
        judgeWeeks(weeks, shift, REFERENCES[size], createSeededRandom(`${seed}/${name}`)),
      );
      const { rate, lower, upper } = proportionOf([{ events: found, trials: REFERENCES[size] }], "trials");
      console.log(
        `reference of ${String(weeks).padStart(2)} weeks, shift ${shift} sd  ${(1e3 * rate).toFixed(1)} ` +
          `[${(1e3 * lower).toFixed(1)}, ${(1e3 * upper).toFixed(1)}] of ${REFERENCES[size]}`,
      );
      return {
        name: `weekly windows critical, reference of ${weeks} weeks, shift ${shift} sd`,
        value: 1e3 * rate,
        unit: "per 1,000 windows",
        against: null,
        ratio: null,
        lower: 1e3 * lower,
        upper: 1e3 * upper,
        trials: REFERENCES[size],
      };
    }),
  );
}

/** How many of so many weeks, each beside a reference of its own, are critical. */
function judgeWeeks(weeks: number, shift: number, references: number, random: SeededRandom): number {
  let critical = 0;
  for (let each = 0; each < references; each++) {
    const history = Array.from({ length: weeks }, () => countsAt(WEEK_SD * random.normal()));
    const reference = createDetectionReference(
      EDGES.concat(0).map((_, bin) => history.reduce((sum, counts) => sum + counts[bin]!, 0)),
      "numeric",
    );
    const probes = probeValues(reference);
    const periods = history.map((counts) => ({
      sums: probes.map((probe) => counts.reduce((sum, count, bin) => sum + count * probe[bin]!, 0)),
      rows: ROWS_A_WEEK,
    }));
    const part = { reference, counts: countsAt(shift + WEEK_SD * random.normal()) };
    const between = periodVariance(periods, "numeric", weeks);
    if (judgeWindow([part], { variance: [1, 1], between }).state === "critical") critical += 1;
  }
  return critical;
}

/** Expected counts of a week at a level. */
function countsAt(level: number): number[] {
  const upper = [1, ...EDGES.map((edge) => normalUpperTail(edge - level)), 0];
  return Array.from({ length: BINS }, (_, bin) => ROWS_A_WEEK * (upper[bin]! - upper[bin + 1]!));
}
