import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import {
  type HeldTally,
  holdWindow,
  LEAST_DAYS,
  newHeldTally,
  REFERENCES,
  shareText,
} from "../detection/hold-window.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { readNpy } from "./read-npy.ts";
import { keepVectors, profileOfVectors } from "./vector-reference.ts";
import { type VectorChange, WORLDS } from "./vector-worlds.ts";

const DAY_MS = 86_400_000;
const DAY_HOURS = 24;
const WINDOW_ROWS = 500;
const FROM_HOUR = 96;
const PROFILES = { quick: 1, default: 4, full: 10 } as const;
/** Days held, after the four weeks that the first of them needs. */
const DAYS = { quick: 14, default: 28, full: 56 } as const;
const CHANGES: readonly { readonly name: string; readonly change: VectorChange }[] = [
  { name: "shift 0.3", change: { kind: "shift", by: 0.3 } },
  { name: "shift 0.5", change: { kind: "shift", by: 0.5 } },
  { name: "a cluster from 12.5 to 30 %", change: { kind: "cluster", share: 0.3 } },
  { name: "another model", change: { kind: "rotation" } },
  { name: "another model in 5 %", change: { kind: "mixed models", share: 0.05 } },
  { name: "length", change: { kind: "length" } },
  { name: "truncated by 0.2", change: { kind: "truncated", by: 0.2 } },
];
const WATCHED = ["as text, 64", "season", "days differ", "rows follow"];

/** `npm run bench -- embeddings --part references`: false alarms and finds of windows of vectors held against windows before. */
export function benchVectorReferences({ size, seed, dataFolder }: BenchOptions): BenchResult[] {
  if (dataFolder !== null) return benchRealReferences(dataFolder);
  const head = `| world | reference | stable verdicts | critical | warning | ${CHANGES.map(({ name }) => name).join(" | ")} |`;
  console.log(`${head}\n|---|---|---|---|---|${CHANGES.map(() => "---|").join("")}`);
  return WORLDS.filter(({ name }) => WATCHED.some((start) => name.startsWith(start))).flatMap((world) => {
    const stable = REFERENCES.map(newHeldTally);
    const changed = REFERENCES.map(() => CHANGES.map(newHeldTally));
    const { dimension, referenceRows } = world;
    const hours = world.referenceHours ?? 0;
    for (let run = 0; run < PROFILES[size]; run++) {
      const random = createSeededRandom(`vector references ${seed} ${world.name} ${run}`);
      // Whole weeks apart, so that no two runs share their days.
      const from = FROM_HOUR + run * 168 * 30;
      const drawn = world.draw(random, referenceRows, from, Math.max(1, hours));
      const profile = profileOfVectors(drawn, dimension, world.referenceHours !== null);
      const keep = (day: number, change?: VectorChange) =>
        keepVectors(
          profile,
          world.draw(random, WINDOW_ROWS, from + hours + day * DAY_HOURS, DAY_HOURS, change),
          dimension,
          DAY_MS,
        );
      const days = Array.from({ length: LEAST_DAYS + DAYS[size] }, (_, day) => keep(day));
      for (let day = LEAST_DAYS; day < days.length; day++) holdWindow(stable, profile, days, day, days[day]!);
      CHANGES.forEach(({ change }, at) => {
        for (let day = days.length - 5; day < days.length; day++) {
          const into = changed.map((tallies) => tallies[at]!);
          holdWindow(into, profile, days, day, keep(day, change));
        }
      });
    }
    return REFERENCES.map(({ reference }, at) => {
      const own = stable[at]!;
      const finds = changed[at]!.map(({ critical, warning, held }) => `${critical}+${warning} of ${held}`);
      console.log(
        `| ${world.name} | ${reference} | ${own.held} | ${shareText(own.critical, own.held)} | ${shareText(own.warning, own.held)} | ${finds.join(" | ")} |`,
      );
      return result(`vectors against ${reference}: false criticals, ${world.name}`, own);
    });
  });
}

/** Windows of real vectors: the stable ones one after another, and every other after the last of them. */
function benchRealReferences(folder: string): BenchResult[] {
  const reference = readNpy(join(folder, "reference.npy"));
  const { dimension } = reference;
  const profile = profileOfVectors(
    { values: reference.values, hours: new Int32Array(reference.rows) },
    dimension,
    false,
  );
  const size = WINDOW_ROWS * dimension;
  const windowsOf = (file: string) => {
    const { values } = readNpy(join(folder, file));
    return Array.from({ length: Math.floor(values.length / size) }, (_, at) =>
      keepVectors(
        profile,
        { values: values.slice(at * size, (at + 1) * size), hours: new Int32Array(WINDOW_ROWS) },
        dimension,
        DAY_MS,
      ),
    );
  };
  const stable = windowsOf("stable.npy");
  console.log("| vectors | against | windows | critical | warning |\n|---|---|---|---|---|");
  const files = readdirSync(folder).filter((file) => file.endsWith(".npy") && file !== "reference.npy");
  return files.sort().flatMap((file) => {
    const tallies = REFERENCES.map(newHeldTally);
    if (file === "stable.npy") {
      for (let day = 7; day < stable.length; day++) holdWindow(tallies, profile, stable, day, stable[day]!);
    } else {
      for (const window of windowsOf(file)) holdWindow(tallies, profile, stable, stable.length, window);
    }
    return REFERENCES.map(({ reference: against }, at) => {
      const own = tallies[at]!;
      console.log(`| ${basename(file, ".npy")} | ${against} | ${own.held} | ${own.critical} | ${own.warning} |`);
      return result(`vectors against ${against}: critical, ${basename(file, ".npy")}`, own);
    });
  });
}

function result(name: string, { critical, held }: HeldTally): BenchResult {
  return { name, value: critical, unit: `of ${held}`, against: null, ratio: null, trials: held };
}
