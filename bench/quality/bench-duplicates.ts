import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelConfigSchema, type Profile, type RepeatCurve } from "@tidemark/schema";
import { type DuplicateCounts, longestStretch } from "@tidemark/signals";
import { wilsonInterval } from "@tidemark/stats";
import { FlightFeatures } from "../../examples/flights/src/flights/flight-features.ts";
import { countRepeats } from "../../packages/processor/src/profile/count-repeats.ts";
import { judgeDuplicates } from "../../packages/signals/src/quality/judge-duplicates.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";

const HOUR_MS = 3_600_000;
const FROM_MS = Date.UTC(2001, 0, 1);
const REFERENCE_TO_MS = Date.UTC(2001, 2, 1);
const TO_MS = Date.UTC(2001, 6, 1);
const LENGTHS = [6, 24, 168] as const;
const MINIMUM_ROWS = 50;
const FAULTS = [0.02, 0.05, 0.2] as const;
const QUALITY = modelConfigSchema.parse({ name: "flights", profile: "profile.json" }).quality;

interface Flight {
  readonly ms: number;
  readonly key: number;
}

interface Setting {
  readonly name: string;
  /** Of all flights, in the reference and in the windows. */
  readonly referenceShare: number;
  readonly windowShare: number;
  /** Places of hour, weekday, distance, origin, destination and inbound delay that make a row. */
  readonly features: readonly number[];
}

const ALL = [0, 1, 2, 3, 4, 5];
const SETTINGS: readonly Setting[] = [
  { name: "six features", referenceShare: 0.1, windowShare: 0.1, features: ALL },
  { name: "four features without hour and delay", referenceShare: 0.1, windowShare: 0.1, features: [1, 2, 3, 4] },
  { name: "six features, windows of thrice the rate", referenceShare: 0.1, windowShare: 0.3, features: ALL },
  { name: "six features, a reference of one in 100", referenceShare: 0.01, windowShare: 0.1, features: ALL },
];

/**
 * `npm run bench -- duplicates`: how often the rule `duplicate` speaks of windows of real flights that nothing was done to, and of windows
 * in which a share of the rows was replaced by another row of the window (retries under new ids). Reference: January and February 2001.
 */
export async function benchDuplicates({ seed }: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  console.log(
    `| rows | window | windows | repeats, reference | warned | ${FAULTS.map((share) => `${share * 100} % retried`).join(" | ")} |\n|${"---|".repeat(5 + FAULTS.length)}`,
  );
  for (const setting of SETTINGS) {
    const before = await readFlights(setting.referenceShare, setting.features, FROM_MS, REFERENCE_TO_MS);
    const after = await readFlights(setting.windowShare, setting.features, REFERENCE_TO_MS, TO_MS);
    const curve = countRepeats(Float64Array.from(before, ({ key }) => key));
    for (const hours of LENGTHS) {
      const random = createSeededRandom(`duplicates ${seed} ${setting.name} ${hours}`);
      const windows = cut(after, hours * HOUR_MS);
      const spoke = [0, ...FAULTS].map((share) => windows.filter((rows) => isLoud(curve, retry(rows, share, random))));
      const references = windows.map((rows) => findingOf(curve, rows).evidence.numbers["referenceShare"]!);
      const mean = references.reduce((sum, share) => sum + share, 0) / windows.length;
      const told = spoke.map((loud) => `${loud.length}`);
      console.log(
        `| ${setting.name} | ${hours} h | ${windows.length} | ${(100 * mean).toFixed(1)} % | ${told.join(" | ")} |`,
      );
      const warned = spoke[0]!.length;
      const [lower, upper] = wilsonInterval(warned, windows.length);
      results.push({
        name: `duplicates: warned of nothing, ${setting.name}, ${hours} h`,
        value: warned / windows.length,
        unit: "share",
        against: null,
        ratio: null,
        lower,
        upper,
        trials: windows.length,
      });
    }
  }
  return results;
}

async function readFlights(share: number, places: readonly number[], fromMs: number, toMs: number): Promise<Flight[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-duplicates-"));
  try {
    const file = join(folder, "flights.jsonl");
    const features = await FlightFeatures.compute();
    await features.writeDelays(file, { share, fromMs, toMs });
    features.close();
    const keys = new Map<string, number>();
    return readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [ms, _delay, ...inputs] = JSON.parse(line) as [number, number, ...unknown[]];
        const text = JSON.stringify(places.map((place) => inputs[place]));
        const key = keys.get(text) ?? keys.size;
        keys.set(text, key);
        return { ms, key };
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cut(flights: readonly Flight[], lengthMs: number): Flight[][] {
  const windows = Map.groupBy(flights, ({ ms }) => Math.floor((ms - REFERENCE_TO_MS) / lengthMs));
  return [...windows.values()].filter((rows) => rows.length >= MINIMUM_ROWS);
}

/** A share of the rows, drawn, say again what the row before them said. */
function retry(rows: readonly Flight[], share: number, random: SeededRandom): Flight[] {
  return rows.map((row, at) => (at > 0 && random.uniform() < share ? { ms: row.ms, key: rows[at - 1]!.key } : row));
}

function isLoud(curve: RepeatCurve, rows: readonly Flight[]): boolean {
  return findingOf(curve, rows).state !== "ok";
}

function findingOf(curve: RepeatCurve, rows: readonly Flight[]) {
  const finding = judgeDuplicates({ duplicates: curve } as Profile, countOf(curve, rows), QUALITY);
  if (finding === null) throw new Error("a window without rows was judged");
  return finding;
}

/** As the store counts them (`readDuplicates`), over the time that the rows take. */
function countOf(curve: RepeatCurve, rows: readonly Flight[]): DuplicateCounts {
  const [from, to] = [rows[0]!.ms, rows.at(-1)!.ms + 1];
  const stretches = Math.max(1, Math.ceil(rows.length / longestStretch(curve)));
  const cuts = Map.groupBy(rows, ({ ms }) => Math.floor(((ms - from) * stretches) / (to - from)));
  return {
    stretches: [...cuts.values()].map((part) => ({
      rows: part.length,
      repeats: part.length - new Set(part.map(({ key }) => key)).size,
    })),
    most: null,
  };
}
