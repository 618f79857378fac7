import { modelConfigSchema } from "@tidemark/schema";
import { windowCounts } from "@tidemark/signals";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { holdWindow, LEAST_DAYS, newHeldTally, REFERENCES, shareText } from "../detection/hold-window.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { profileOfRows, windowOfRows } from "./joint-reference.ts";
import { type JointChange, WORLDS } from "./joint-worlds.ts";

const DAY_MS = 86_400_000;
const DAY_HOURS = 24;
const WINDOW_ROWS = 500;
const PROFILES = { quick: 1, default: 4, full: 10 } as const;
/** Days held, after those that the first of them needs. */
const DAYS = { quick: 14, default: 28, full: 56 } as const;
const CHANGES: readonly { readonly name: string; readonly change: JointChange }[] = [
  { name: "0.9 to 0", change: { kind: "correlation", to: 0 } },
  { name: "0.9 to 0.7", change: { kind: "correlation", to: 0.7 } },
  { name: "0.9 to -0.9", change: { kind: "sign" } },
  { name: "swapped", change: { kind: "swap" } },
];
const CHANGED_DAYS = 5;
const WATCHED = ["normal, 10", "heavy", "season", "rows follow"];

/** `npm run bench -- multivariate --part references`: false alarms and finds of all features together against windows before. */
export function benchJointReferences({ size, seed }: BenchOptions): BenchResult[] {
  const config = modelConfigSchema.parse({ name: "m", profile: "profile.json" });
  console.log(
    `| world | reference | stable verdicts | critical | warning | ${CHANGES.map(({ name }) => name).join(" | ")} |`,
  );
  console.log(`|---|---|---|---|---|${CHANGES.map(() => "---|").join("")}`);
  return WORLDS.filter(({ name }) => WATCHED.some((start) => name.startsWith(start))).flatMap((world) => {
    const stable = REFERENCES.map(newHeldTally);
    const changed = REFERENCES.map(() => CHANGES.map(newHeldTally));
    const hours = world.referenceHours ?? 0;
    for (let run = 0; run < PROFILES[size]; run++) {
      const random = createSeededRandom(`joint references ${seed} ${world.name} ${run}`);
      // Whole weeks apart, so that no two runs share their days.
      const from = 96 + run * 168 * 30;
      const drawn = world.draw(random, world.referenceRows, from, Math.max(1, hours));
      const profile = profileOfRows(drawn, world.referenceHours !== null);
      const keep = (day: number, change?: JointChange) => {
        const rows = world.draw(random, WINDOW_ROWS, from + hours + day * DAY_HOURS, DAY_HOURS, change);
        return windowCounts(windowOfRows(profile, rows, DAY_MS), { profile, config, configId: "" });
      };
      const days = Array.from({ length: LEAST_DAYS + DAYS[size] }, (_, day) => keep(day));
      for (let day = LEAST_DAYS; day < days.length; day++) holdWindow(stable, profile, days, day, days[day]!);
      CHANGES.forEach(({ change }, at) => {
        for (let day = days.length - CHANGED_DAYS; day < days.length; day++) {
          holdWindow(
            changed.map((tallies) => tallies[at]!),
            profile,
            days,
            day,
            keep(day, change),
          );
        }
      });
    }
    return REFERENCES.map(({ reference }, at) => {
      const { held, critical, warning } = stable[at]!;
      const finds = changed[at]!.map((tally) => `${tally.critical}+${tally.warning} of ${tally.held}`);
      console.log(
        `| ${world.name} | ${reference} | ${held} | ${shareText(critical, held)} | ${shareText(warning, held)} | ${finds.join(" | ")} |`,
      );
      const name = `all features against ${reference}: false criticals, ${world.name}`;
      return { name, value: critical, unit: `of ${held}`, against: null, ratio: null, trials: held };
    });
  });
}
