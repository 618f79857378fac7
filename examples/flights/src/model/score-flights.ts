import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readFlights } from "../flights/read-flights.ts";
import { toBatches } from "../traffic/batches.ts";
import { FlightDelayModel } from "./flight-delay-model.ts";

/**
 * What the model says of flights whose outcome is known, as JSON lines: the inputs, `departure` (ISO 8601), `score`,
 * `label` and `outcome`. The reference profile is made from it.
 *
 * @param source written by `FlightFeatures.writeLines`
 */
export async function scoreFlights(source: string, target: string): Promise<void> {
  const model = await FlightDelayModel.load();
  await pipeline(Readable.from(scoredLines(model, source)), createWriteStream(target));
}

async function* scoredLines(model: FlightDelayModel, source: string): AsyncGenerator<string> {
  for await (const batch of toBatches(readFlights(source))) {
    const scores = await model.predict(batch.map(({ departure }) => departure));
    const lines = batch.map(({ departure: { id, departureMs, ...inputs }, outcome }, row) => {
      const score = scores[row]!;
      const departure = new Date(departureMs).toISOString();
      return JSON.stringify({ departure, ...inputs, score, label: model.labelOf(score), outcome });
    });
    yield `${lines.join("\n")}\n`;
  }
}
