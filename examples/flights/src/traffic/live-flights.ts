import { setTimeout as delay } from "node:timers/promises";
import type { Flight } from "../flights/flight.ts";

const WEEK_MS = 7 * 86_400_000;
/** Flights of one request at real speed. */
const EVERY_MS = 1_000;
/** The sixth week of the data, by which the profile's reference is over. */
const FIRST_MS = Date.UTC(2001, 1, 5);

/**
 * The flights of 2001 as if they left now, at real speed: shifted by whole weeks, so that hour and weekday stay what they
 * were, from the sixth week of the data on. Those that would have left before `startMs` are passed over.
 * @param now wall clock, Unix milliseconds.
 * @param wait until a time; the timer unless given.
 */
export async function* liveFlights(
  flights: AsyncIterable<Flight>,
  now: () => number = Date.now,
  wait: (ms: number) => Promise<unknown> = delay,
): AsyncGenerator<Flight[]> {
  const startMs = now();
  const shiftMs = Math.floor((startMs - FIRST_MS) / WEEK_MS) * WEEK_MS;
  let batch: Flight[] = [];
  let sendMs = startMs + EVERY_MS;
  for await (const flight of flights) {
    const departureMs = flight.departure.departureMs + shiftMs;
    if (departureMs < startMs) continue;
    while (departureMs >= sendMs) {
      await wait(Math.max(0, sendMs - now()));
      if (batch.length > 0) yield batch;
      batch = [];
      sendMs += EVERY_MS;
    }
    batch.push(shifted(flight, departureMs, shiftMs));
  }
  if (batch.length > 0) yield batch;
}

function shifted(flight: Flight, departureMs: number, shiftMs: number): Flight {
  const { id } = flight.departure;
  return {
    ...flight,
    departure: { ...flight.departure, departureMs, id: atTime(id, departureMs) },
    landingMs: flight.landingMs + shiftMs,
  };
}

/** A UUIDv7 with another time: its first 48 bits. */
function atTime(id: string, timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
}
