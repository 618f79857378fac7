import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flight } from "../../src/flights/flight.ts";
import { liveFlights } from "../../src/traffic/live-flights.ts";
import { collect } from "../collect.ts";
import { flightAt } from "../flight-at.ts";

const HOUR_MS = 3_600_000;
/** A Wednesday, 10:00 UTC. */
const NOW_MS = Date.UTC(2026, 10, 25, 10);

async function* of(...flights: readonly Flight[]): AsyncGenerator<Flight> {
  yield* flights;
}

/** What is sent when, with a clock that only waiting moves. */
async function sent(...times: readonly number[]): Promise<{ atMs: number; flights: Flight[] }[]> {
  let clockMs = NOW_MS;
  const now = () => clockMs;
  const wait = async (ms: number) => {
    clockMs += ms;
  };
  const batches = liveFlights(of(...times.map((time) => flightAt(time))), now, wait);
  const found: { atMs: number; flights: Flight[] }[] = [];
  for await (const flights of batches) found.push({ atMs: clockMs, flights });
  return found;
}

test("flights leave at their own hour and weekday, when that comes, and none before now", async () => {
  const wednesday = Date.UTC(2001, 1, 7);
  const [batch, ...others] = await sent(wednesday + 9 * HOUR_MS, wednesday + 11 * HOUR_MS);
  assert.deepEqual(others, []);
  const [flight] = batch!.flights;
  assert.equal(new Date(flight!.departure.departureMs).toISOString(), "2026-11-25T11:00:00.000Z");
  assert.ok(
    batch!.atMs >= flight!.departure.departureMs - 1_000 && batch!.atMs <= flight!.departure.departureMs + 1_000,
  );
});

test("an id stays a UUIDv7, of the new time", async () => {
  const flight = flightAt(Date.UTC(2001, 1, 7, 11));
  const id = "00e3f2b4-9a00-7abc-8def-0123456789ab";
  const source = of({ ...flight, departure: { ...flight.departure, id } });
  const [batch] = await collect(
    liveFlights(
      source,
      () => NOW_MS,
      async () => {},
    ),
  );
  const { id: found, departureMs } = batch![0]!.departure;
  assert.equal(Number.parseInt(found.slice(0, 8) + found.slice(9, 13), 16), departureMs);
  assert.equal(found.slice(13), id.slice(13));
});

test("flights of the same second are one request", async () => {
  const at = Date.UTC(2001, 1, 7, 12);
  const batches = await sent(at, at + 10, at + 5_000);
  assert.deepEqual(
    batches.map(({ flights }) => flights.length),
    [2, 1],
  );
});

test("no flight is no request", async () => {
  assert.deepEqual(await collect(liveFlights(of())), []);
});
