import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlightInputs } from "../../examples/flights/src/flights/flight.ts";
import { FlightFeatures } from "../../examples/flights/src/flights/flight-features.ts";
import { FlightDelayModel } from "../../examples/flights/src/model/flight-delay-model.ts";

/** One flight with what the demo's model said of it. */
export interface ScoredFlight extends FlightInputs {
  readonly departureMs: number;
  /** Minutes. */
  readonly delay: number;
  readonly score: number;
}

const BATCH = 10_000;

type Line = [number, number, number, string, number, string, string, number | null];

/** A tenth of the flights of January to June 2001, by departure, scored by the demo's model. */
export async function readScoredFlights(share = 0.1): Promise<ScoredFlight[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-causes-"));
  try {
    const file = join(folder, "flights.jsonl");
    const features = await FlightFeatures.compute();
    await features.writeDelays(file, { share });
    features.close();
    const flights = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [departureMs, delay, hour, weekday, distance, origin, destination, inbound_delay] = JSON.parse(
          line,
        ) as Line;
        return { departureMs, delay, hour, weekday, distance, origin, destination, inbound_delay };
      });
    const model = await FlightDelayModel.load();
    const scored: ScoredFlight[] = [];
    for (let at = 0; at < flights.length; at += BATCH) {
      const batch = flights.slice(at, at + BATCH);
      const scores = await model.predict(batch);
      scored.push(...batch.map((flight, row) => ({ ...flight, score: scores[row]! })));
    }
    return scored;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
