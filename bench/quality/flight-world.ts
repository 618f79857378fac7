import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlightFeatures } from "../../examples/flights/src/flights/flight-features.ts";
import { buildProfile } from "../../packages/processor/src/profile/build-profile.ts";
import type { BenchSize } from "../bench-result.ts";
import type { Value, VarietyWorld } from "./bench-variety.ts";

const HOUR_MS = 3_600_000;
const FROM_MS = Date.UTC(2001, 0, 1);
const REFERENCE_TO_MS = Date.UTC(2001, 2, 1);
const TO_MS = Date.UTC(2001, 6, 1);
const MINIMUM_ROWS = 50;
const NAMES = ["hour", "weekday", "distance", "origin", "destination", "inbound_delay"] as const;
const KINDS = {
  hour: "numeric",
  weekday: "categorical",
  distance: "numeric",
  origin: "categorical",
  destination: "categorical",
  inbound_delay: "numeric",
} as const;
const LENGTHS = { quick: [24], default: [6, 24, 168], full: [6, 24, 168] } as const;

/** A tenth of the flights of January and February 2001 as the reference, windows of those from March to June. */
export async function flightWorld(size: BenchSize): Promise<VarietyWorld[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-variety-"));
  const features = await FlightFeatures.compute();
  try {
    const lines = join(folder, "flights.jsonl");
    await features.writeDelays(lines, { share: 0.1, fromMs: REFERENCE_TO_MS, toMs: TO_MS });
    const rows = readFileSync(lines, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as [number, number, ...(Value | null)[]]);
    const reference = join(folder, "reference.parquet");
    await features.writeParquet(reference, { share: 0.1, fromMs: FROM_MS, toMs: REFERENCE_TO_MS });
    features.close();
    const model = { name: "flights", version: "1", type: "regression" } as const;
    const profile = await buildProfile({ path: reference, model, time: "departure", features: KINDS });
    return LENGTHS[size].map((hours) => {
      const cut = Map.groupBy(rows, ([ms]) => Math.floor((ms - REFERENCE_TO_MS) / (hours * HOUR_MS)));
      const windows = [...cut.values()]
        .filter((window) => window.length >= MINIMUM_ROWS)
        .map((window) =>
          Object.fromEntries(
            NAMES.map((name, at) => [name, window.map((row) => row[at + 2] ?? null).filter((value) => value !== null)]),
          ),
        );
      return { name: `flights, ${hours} h`, profile, windows };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
