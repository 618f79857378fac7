import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Session } from "chdb";
import { datasetFile } from "../../src/flights/dataset-file.ts";
import type { Flight } from "../../src/flights/flight.ts";
import { FlightFeatures } from "../../src/flights/flight-features.ts";
import { readFlights } from "../../src/flights/read-flights.ts";
import { collect } from "../collect.ts";

interface Raw {
  readonly departureMs: number;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

const DAY_MS = 86_400_000;
const DAY = { fromMs: Date.UTC(2001, 1, 14), toMs: Date.UTC(2001, 1, 15) };
const AIRPORT = "DEN";

let folder = "";
let flights: Flight[] = [];
let sampled: Flight[] = [];
let raw: Raw[] = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "flights-"));
  raw = readRaw();
  const features = await FlightFeatures.compute();
  await features.writeLines(path.join(folder, "all.jsonl"), DAY);
  await features.writeLines(path.join(folder, "again.jsonl"), DAY);
  await features.writeLines(path.join(folder, "sample.jsonl"), { ...DAY, share: 0.1 });
  features.close();
  flights = await readAll("all.jsonl");
  sampled = await readAll("sample.jsonl");
});

after(() => rm(folder, { recursive: true, force: true }));

test("every flight of the span is written once, in the order of departure and id", () => {
  assert.equal(flights.length, raw.filter(({ departureMs }) => departureMs >= DAY.fromMs).length);
  const ids = flights.map(({ departure }) => departure.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids, [...ids].sort());
});

test("an id is a UUIDv7 of the departure time", () => {
  for (const { departure } of flights) {
    assert.match(departure.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(Number.parseInt(departure.id.replace("-", "").slice(0, 12), 16), departure.departureMs);
  }
});

test("inbound_delay is the mean delay of what landed in the two hours before, and of nothing later", () => {
  const landings = raw
    .filter(({ destination }) => destination === AIRPORT)
    .map((flight) => ({ ms: landingMs(flight), delay: Math.min(300, Math.max(-60, flight.delay)) }));
  const departures = flights.filter(({ departure }) => departure.origin === AIRPORT);
  assert.ok(departures.length > 200);
  for (const { departure } of departures) {
    const { departureMs, inbound_delay: found } = departure;
    const lately = landings.filter(({ ms }) => ms >= departureMs - 7_200_000 && ms < departureMs);
    if (lately.length === 0) assert.equal(found, null);
    else assert.ok(Math.abs(found! - lately.reduce((sum, { delay }) => sum + delay, 0) / lately.length) < 1e-9);
  }
});

test("the truth is known when the flight has landed, and late means 15 minutes or more", () => {
  const expected = raw.filter(({ departureMs }) => departureMs >= DAY.fromMs);
  const late = flights.filter(({ outcome }) => outcome === "late").length;
  assert.equal(late, expected.filter(({ delay }) => delay >= 15).length);
  assert.ok(flights.every((flight) => flight.landingMs === landingMs({ ...flight.departure })));
});

test("hour and weekday are those of the departure", () => {
  assert.ok(flights.every(({ departure: { weekday } }) => weekday === "wed"));
  assert.ok(flights.every(({ departure: { hour, departureMs } }) => hour === new Date(departureMs).getUTCHours()));
});

test("a sample holds about its share, and the same flights with the same features each time", async () => {
  assert.ok(Math.abs(sampled.length / flights.length - 0.1) < 0.01);
  const byId = new Map(flights.map((flight) => [flight.departure.id, flight]));
  for (const flight of sampled) assert.deepEqual(flight, byId.get(flight.departure.id));
  const [all, again] = await Promise.all(
    ["all.jsonl", "again.jsonl"].map((name) => readFile(path.join(folder, name), "utf8")),
  );
  assert.equal(all, again);
});

function landingMs({ departureMs, distance }: Pick<Raw, "departureMs" | "distance">): number {
  return departureMs + (30 + Math.ceil((distance * 60) / 500)) * 60_000;
}

async function readAll(name: string): Promise<Flight[]> {
  return collect(readFlights(path.join(folder, name)));
}

/** The data set as it is, for the day and the one before. */
function readRaw(): Raw[] {
  const session = new Session();
  const lines = session.query(
    `SELECT toUnixTimestamp64Milli(assumeNotNull(date)) AS departureMs, delay, distance, origin, destination
     FROM file('${datasetFile()}') WHERE departureMs >= ${DAY.fromMs - DAY_MS} AND departureMs < ${DAY.toMs}
     SETTINGS output_format_json_quote_64bit_integers = 0`,
    "JSONEachRow",
  );
  session.close();
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Raw);
}
