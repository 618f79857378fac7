import type { Flight } from "../flights/flight.ts";

const MAX_FLIGHTS = 1_000;

/** The instrumentation keeps 16 hours of event time open: no request may span more. */
const MAX_SPAN_MS = 12 * 3_600_000;

/** Flights in the order of their departure, as many as one request carries. */
export async function* toBatches(flights: AsyncIterable<Flight>): AsyncGenerator<Flight[]> {
  let batch: Flight[] = [];
  for await (const flight of flights) {
    const startMs = batch[0]?.departure.departureMs ?? flight.departure.departureMs;
    if (batch.length === MAX_FLIGHTS || flight.departure.departureMs - startMs > MAX_SPAN_MS) {
      yield batch;
      batch = [];
    }
    batch.push(flight);
  }
  if (batch.length > 0) yield batch;
}
