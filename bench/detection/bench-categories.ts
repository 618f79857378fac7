import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema, type Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { runReplay } from "../../packages/cli/src/replay/run-replay.ts";
import { buildProfile } from "../../packages/processor/src/profile/build-profile.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

const DAY_MS = 86_400_000;
const MONDAY_MS = Date.UTC(2026, 0, 5);
const REFERENCE_DAYS = 28;
const REFERENCE_ROWS = 10_000;
const WINDOWS = 60;
const WINDOW_ROWS = 1_000;
const REFERENCES = { quick: 1, default: 4, full: 12 } as const;
const REFERENCE_KINDS = ["training", "previous", "rolling", "same_hour"] as const;

/** How the category of a row is drawn; nothing ever changes. */
const WORLDS: Readonly<Record<string, (random: SeededRandom) => number>> = {
  "20 equal": equal(20),
  "48 equal": equal(48),
  "60 equal": equal(60),
  "300 equal": equal(300),
  "1,000 equal": equal(1_000),
  "5,000 equal": equal(5_000),
  "48, Zipf": zipf(48, 1),
  "5,000, Zipf": zipf(5_000, 1),
  "2,000, Zipf 1.3": zipf(2_000, 1.3),
  "as many as rows": equal(100_000),
};

/**
 * `npm run bench -- categories`: features of dozens to thousands of categories whose world never changes, through `tidemark profile` and
 * `tidemark replay`: windows of a day of 1,000 rows against 10,000 rows of four weeks, which have a season. Counts every verdict that
 * speaks: drift by window and continuously, against training and the windows before, quality rules, all features together.
 */
export async function benchCategories({ size, seed }: BenchOptions): Promise<BenchResult[]> {
  const raised = new Map<string, { warning: number; critical: number; verdicts: number }>();
  for (let reference = 0; reference < REFERENCES[size]; reference++) {
    for (const found of await measureReference(`categories ${seed} ${reference}`)) count(raised, found);
    console.error(`${reference + 1} of ${REFERENCES[size]} references`);
  }
  console.log("| verdict | of | warning | critical |\n|---|---|---|---|");
  for (const [name, { warning, critical, verdicts }] of [...raised].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`| ${name} | ${verdicts.toLocaleString("en")} | ${warning} | ${critical} |`);
  }
  const total = [...raised.values()].reduce((sum, { critical }) => sum + critical, 0);
  const trials = [...raised.values()].reduce((sum, { verdicts }) => sum + verdicts, 0);
  return [
    {
      name: "categories: critical verdicts of a stable world",
      value: total,
      unit: "",
      against: null,
      ratio: null,
      trials,
    },
  ];
}

async function measureReference(seed: string): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-categories-"));
  try {
    const random = createSeededRandom(seed);
    const training = join(folder, "training.jsonl");
    const live = join(folder, "live.jsonl");
    writeFileSync(training, drawRows(random, REFERENCE_ROWS, MONDAY_MS, REFERENCE_DAYS));
    writeFileSync(live, drawRows(random, WINDOWS * WINDOW_ROWS, MONDAY_MS + REFERENCE_DAYS * DAY_MS, WINDOWS));
    const names = Object.keys(WORLDS);
    const profile = await buildProfile({
      path: training,
      model: { name: "m", version: "1", type: "regression" },
      time: "time",
      features: Object.fromEntries(names.map((name) => [name, "categorical"])),
    });
    writeFileSync(join(folder, "profile.json"), JSON.stringify(profile));
    const config = configSchema.parse({
      models: [{ name: "m", profile: "profile.json", windows: ["24h"], drift: { references: REFERENCE_KINDS } }],
    });
    const file = { path: live, model: "m" };
    return (await runReplay({ file, config, directory: folder, onProgress: () => undefined })).measurements;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function drawRows(random: SeededRandom, rows: number, fromMs: number, days: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const time = new Date(fromMs + Math.floor(((row + random.uniform()) / rows) * days * DAY_MS)).toISOString();
    const values = Object.entries(WORLDS).map(([name, draw]) => [name, `c${String(draw(random)).padStart(6, "0")}`]);
    return JSON.stringify({ id: `${fromMs}-${row}`, time, version: "1", ...Object.fromEntries(values) });
  }).join("\n");
}

function count(
  raised: Map<string, { warning: number; critical: number; verdicts: number }>,
  { metric: name, attributes, state, target }: Measurement,
): void {
  if (state !== "ok" && state !== "warning" && state !== "critical") return;
  if (name !== metric.driftSeverity && name !== metric.dataQualityShare) return;
  const kind =
    name === metric.driftSeverity
      ? `drift, ${attributes[attr.driftReading]}, ${attributes[attr.driftReference] ?? "training"}`
      : `quality, ${attributes[attr.qualityRule]}`;
  const key = `${target.name}: ${kind}`;
  const entry = raised.get(key) ?? { warning: 0, critical: 0, verdicts: 0 };
  entry.verdicts++;
  if (state !== "ok") entry[state]++;
  raised.set(key, entry);
}

function equal(categories: number): (random: SeededRandom) => number {
  return (random) => Math.floor(random.uniform() * categories);
}

function zipf(categories: number, exponent: number): (random: SeededRandom) => number {
  const cumulative = new Float64Array(categories);
  let sum = 0;
  for (let k = 0; k < categories; k++) {
    sum += (k + 1) ** -exponent;
    cumulative[k] = sum;
  }
  return (random) => {
    const wanted = random.uniform() * sum;
    let [low, high] = [0, categories - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
