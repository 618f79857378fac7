import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProfile } from "../../packages/processor/src/profile/build-profile.ts";
import type { BenchSize } from "../bench-result.ts";
import { createBinDrawer } from "../detection/draw-bins.ts";
import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";
import { zipfShares } from "../scale/zipf-shares.ts";
import type { Value, VarietyWorld } from "./bench-variety.ts";

const REFERENCE_ROWS = 20_000;
const WINDOW_ROWS = [200, 1_000, 10_000] as const;
const WINDOWS = { quick: 20, default: 200, full: 1_000 } as const;
const START_MS = Date.UTC(2026, 0, 5);
const MINUTE_MS = 60_000;

const KINDS = {
  id: "categorical",
  equal_300: "categorical",
  zipf_60: "categorical",
  zipf_5000: "categorical",
  continuous: "numeric",
  whole: "numeric",
  half_zero: "numeric",
  runs: "numeric",
  slow: "numeric",
  bursts: "categorical",
} as const;

/** Features whose world never changes, in order of time: some independent, some in runs. */
export async function madeUpWorld(size: BenchSize, seed: string): Promise<VarietyWorld[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-variety-"));
  try {
    const draw = createWorld(createSeededRandom(`variety world ${seed}`));
    const path = join(folder, "reference.jsonl");
    const rows = Array.from({ length: REFERENCE_ROWS }, (_, at) =>
      JSON.stringify({ ...draw(), time: new Date(START_MS + at * MINUTE_MS).toISOString() }),
    );
    writeFileSync(path, rows.join("\n"));
    const model = { name: "made-up", version: "1", type: "regression" } as const;
    const profile = await buildProfile({ path, model, time: "time", features: KINDS });
    return WINDOW_ROWS.map((length) => ({
      name: `made up, ${length.toLocaleString("en")} rows`,
      profile,
      windows: Array.from({ length: WINDOWS[size] }, () => {
        const window = Array.from({ length }, draw);
        return Object.fromEntries(Object.keys(KINDS).map((name) => [name, window.map((row) => row[name]!)]));
      }),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createWorld(random: SeededRandom): () => Record<string, Value> {
  const few = createBinDrawer(zipfShares(60, 1));
  const many = createBinDrawer(zipfShares(5_000, 1));
  let rows = 0;
  let [held, level, customer] = [random.normal(), 0, 0];
  return () => {
    rows += 1;
    if (random.uniform() < 0.1) held = Math.round(20 * random.normal());
    level = 0.99 * level + 0.14 * random.normal();
    if (random.uniform() < 0.05) customer = many(random);
    return {
      id: `u${rows}`,
      equal_300: `e${Math.floor(300 * random.uniform())}`,
      zipf_60: `z${few(random)}`,
      zipf_5000: `z${many(random)}`,
      continuous: random.normal(),
      whole: Math.round(15 * random.normal()),
      half_zero: random.uniform() < 0.5 ? 0 : Math.exp(random.normal()),
      runs: held,
      slow: Math.round(100 * level) / 100,
      bursts: `c${customer}`,
    };
  };
}
