import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { FEATURES, FlightFeatures, MODEL_NAME, REFERENCE, scoreFlights } from "@tidemark/example-flights";
import { buildProfile } from "@tidemark/processor";

/** A departure with what became of it; the flights of one busy part of the day, in random but fixed order. */
export interface LiveFlight {
  readonly inputs: Readonly<Record<keyof typeof FEATURES, string | number | null>>;
  readonly outcome: string;
  readonly flightMinutes: number;
}

type Line = [string, number, number, string, number, string, number, string, string, number | null];

/** Hours whose flights are used: enough of them at any time at which the test is run. */
const BUSY = { from: 12, to: 20 };

/**
 * The demo's flights of 1 to 28 January between noon and eight, shuffled, so that any quarter of a minute of them looks
 * like all of them; and profiles of the same, without a season, with the models' own scores: `flights.profile.json` of the
 * demo's model, `batch.profile.json` of the same model under another name, `minutes.profile.json` of a regression.
 */
export async function prepareFlights(folder: string): Promise<LiveFlight[]> {
  const file = (name: string) => path.join(folder, name);
  const features = await FlightFeatures.compute();
  await features.writeLines(file("all.jsonl"), REFERENCE);
  features.close();
  const lines = (await readFile(file("all.jsonl"), "utf8")).trim().split("\n");
  const busy = shuffled(lines.filter((line) => isBusy(JSON.parse(line) as Line)));
  await writeFile(file("busy.jsonl"), `${busy.join("\n")}\n`);
  await scoreFlights(file("busy.jsonl"), file("scored.jsonl"));
  for (const [name, output] of [
    [MODEL_NAME, "flights.profile.json"],
    ["flight-batch", "batch.profile.json"],
  ] as const) {
    const profile = await buildProfile({
      path: file("scored.jsonl"),
      model: { name, version: "1", type: "classification" },
      features: FEATURES,
      prediction: { score: "score", label: "label" },
      outcome: { label: "outcome" },
      positiveLabel: "late",
      ...(name === "flight-batch" ? { importances: { distance: 2, inbound_delay: 1 } } : {}),
    });
    await writeFile(file(output), JSON.stringify(profile));
  }
  const flights = busy.map((line) => toFlight(JSON.parse(line) as Line));
  const rows = flights.map(
    (flight) =>
      `${flight.inputs.distance},"${JSON.stringify(embeddingOf(flight))}",${minutesOf(flight)},${flight.flightMinutes}`,
  );
  await writeFile(file("minutes.csv"), `distance,flight,predicted,actual\n${rows.join("\n")}\n`);
  const minutes = await buildProfile({
    path: file("minutes.csv"),
    model: { name: "flight-minutes", version: "1", type: "regression" },
    features: { distance: "numeric" },
    vectors: ["flight"],
    prediction: { value: "predicted" },
    outcome: { value: "actual" },
  });
  await writeFile(file("minutes.profile.json"), JSON.stringify(minutes));
  return flights;
}

/** The regression that the test's third model is: minutes in the air by miles. */
export function minutesOf({ inputs }: LiveFlight): number {
  return Math.round(Number(inputs.distance) / 8 + 30);
}

/** A flight as a vector: its length, and its hour as a place on the clock. */
export function embeddingOf({ inputs }: LiveFlight): number[] {
  const turn = (Number(inputs.hour) / 24) * 2 * Math.PI;
  return [Number(inputs.distance) / 1_000, Math.sin(turn), Math.cos(turn)];
}

function isBusy([, , , , hour]: Line): boolean {
  return hour >= BUSY.from && hour < BUSY.to;
}

function toFlight([
  ,
  departureMs,
  landingMs,
  outcome,
  hour,
  weekday,
  distance,
  origin,
  destination,
  delay,
]: Line): LiveFlight {
  return {
    inputs: { hour, weekday, distance, origin, destination, inbound_delay: delay },
    outcome,
    flightMinutes: (landingMs - departureMs) / 60_000,
  };
}

/** Fisher and Yates with a fixed seed. */
function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  let state = 20_010_101;
  for (let index = result.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}
