import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Flight, Outcome } from "./flight.ts";

type Line = [
  id: string,
  departureMs: number,
  landingMs: number,
  outcome: Outcome,
  hour: number,
  weekday: string,
  distance: number,
  origin: string,
  destination: string,
  inboundDelay: number | null,
];

/** The flights of a file that `FlightFeatures.writeLines` wrote, by departure. */
export async function* readFlights(file: string): AsyncGenerator<Flight> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [id, departureMs, landingMs, outcome, hour, weekday, distance, origin, destination, inbound_delay] =
      JSON.parse(line) as Line;
    const departure = { id, departureMs, hour, weekday, distance, origin, destination, inbound_delay };
    yield { departure, landingMs, outcome };
  }
}
