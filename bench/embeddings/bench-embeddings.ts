import { metric } from "@tidemark/semconv";
import { wilsonInterval } from "@tidemark/stats";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { benchRealVectors } from "./bench-real-vectors.ts";
import { benchVectorReferences } from "./bench-vector-references.ts";
import { judgeVectors, profileOfVectors } from "./vector-reference.ts";
import { type VectorChange, WORLDS } from "./vector-worlds.ts";

const DAY_MS = 86_400_000;
const DAY_HOURS = 24;
const WINDOW_ROWS = 2_000;
const FROM_HOUR = 96;
const REFERENCES = { quick: 1, default: 5, full: 10 } as const;
const STABLE = { quick: 10, default: 40, full: 100 } as const;
const CHANGED = { quick: 2, default: 4, full: 5 } as const;

interface Case {
  readonly name: string;
  readonly change: VectorChange;
  readonly rows: number;
}

const CASES: readonly Case[] = [
  { name: "shift 0.1, 2,000 rows", change: { kind: "shift", by: 0.1 }, rows: WINDOW_ROWS },
  { name: "shift 0.2, 2,000 rows", change: { kind: "shift", by: 0.2 }, rows: WINDOW_ROWS },
  { name: "shift 0.3, 200 rows", change: { kind: "shift", by: 0.3 }, rows: 200 },
  { name: "shift 0.5, 200 rows", change: { kind: "shift", by: 0.5 }, rows: 200 },
  { name: "a cluster from 12.5 to 20 %", change: { kind: "cluster", share: 0.2 }, rows: WINDOW_ROWS },
  { name: "a cluster from 12.5 to 30 %, 500 rows", change: { kind: "cluster", share: 0.3 }, rows: 500 },
  { name: "a new cluster of 5 %", change: { kind: "new cluster", share: 0.05 }, rows: WINDOW_ROWS },
  { name: "another model, 200 rows", change: { kind: "rotation" }, rows: 200 },
  { name: "another model in 5 %", change: { kind: "mixed models", share: 0.05 }, rows: WINDOW_ROWS },
  { name: "length, 200 rows", change: { kind: "length" }, rows: 200 },
  { name: "truncated by 0.2, 500 rows", change: { kind: "truncated", by: 0.2 }, rows: 500 },
];

interface Tally {
  windows: number;
  critical: number;
  warning: number;
  /** Windows whose interval of the centroid's shift begins above 0. */
  moved: number;
  shifts: number[];
}

/** `npm run bench -- embeddings`: how often the verdict on vectors is wrong on stable windows, and what it finds; with `--data FOLDER` on real vectors. */
export function benchEmbeddings(options: BenchOptions): BenchResult[] {
  const { size, seed, part, dataFolder } = options;
  if (part === "references") return benchVectorReferences(options);
  if (dataFolder !== null) return benchRealVectors(dataFolder);
  const results: BenchResult[] = [];
  const found: string[] = [];
  console.log(
    "| world | stable windows | critical | warning | interval of the shift above 0 | usual shift found |\n|---|---|---|---|---|---|",
  );
  for (const world of WORLDS.filter(({ name }) => part === null || name.startsWith(part))) {
    const stable = newTally();
    const changed = CASES.map(newTally);
    for (let reference = 0; reference < REFERENCES[size]; reference++) {
      const random = createSeededRandom(`vectors ${seed} ${world.name} ${reference}`);
      const hours = world.referenceHours ?? 1;
      const { dimension, referenceRows } = world;
      const drawn = world.draw(random, referenceRows, FROM_HOUR, hours);
      const profile = profileOfVectors(drawn, dimension, world.referenceHours !== null);
      const judge = (tally: Tally, rows: number, day: number, change?: VectorChange) => {
        const window = world.draw(random, rows, FROM_HOUR + hours + day * DAY_HOURS, DAY_HOURS, change);
        const findings = judgeVectors(profile, window, dimension, DAY_MS);
        const state = findings.find((finding) => finding.metric === metric.driftSeverity)?.state;
        const shift = findings.find((finding) => finding.metric === metric.driftCentroidShift);
        tally.windows += 1;
        if (state === "critical") tally.critical += 1;
        if (state === "warning") tally.warning += 1;
        if (shift !== undefined && shift.lower! > 0) tally.moved += 1;
        tally.shifts.push(shift?.value ?? Number.NaN);
      };
      for (let day = 0; day < STABLE[size]; day++) judge(stable, WINDOW_ROWS, day);
      CASES.forEach(({ change, rows }, at) => {
        for (let day = 0; day < CHANGED[size]; day++) judge(changed[at]!, rows, day, change);
      });
    }
    console.log(
      `| ${world.name} | ${stable.windows} | ${share(stable.critical, stable)} | ${share(stable.warning, stable)} | ${share(stable.moved, stable)} | ${mean(stable.shifts)} |`,
    );
    found.push(
      `| ${world.name} | ${changed.map((tally) => `${tally.critical}+${tally.warning} of ${tally.windows} (${mean(tally.shifts)})`).join(" | ")} |`,
    );
    results.push(result(`embeddings: false criticals, ${world.name}`, stable));
    CASES.forEach(({ name }, at) => {
      results.push(result(`embeddings: found, ${name}, ${world.name}`, changed[at]!));
    });
  }
  console.log(
    `\ncritical + warning of windows (mean shift of the centroid in spreads)\n\n| world | ${CASES.map(({ name }) => name).join(" | ")} |`,
  );
  console.log(`|---|${CASES.map(() => "---|").join("")}`);
  for (const line of found) console.log(line);
  return results;
}

function newTally(): Tally {
  return { windows: 0, critical: 0, warning: 0, moved: 0, shifts: [] };
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
}

function share(events: number, { windows }: Tally): string {
  const [lower, upper] = wilsonInterval(events, windows);
  const text = (value: number) => `${Number((100 * value).toFixed(2))}`;
  return `${events}: ${text(events / windows)} % [${text(lower)}, ${text(upper)}]`;
}

function result(name: string, { critical, windows }: Tally): BenchResult {
  return { name, value: critical, unit: `of ${windows}`, against: null, ratio: null, trials: windows };
}
