import { LATE_FROM_MINUTES } from "./flight.ts";

/** Time on the ground and in the air: 30 minutes, and the distance at 500 miles an hour. */
const FLIGHT_MINUTES = "30 + ceil(distance * 60 / 500)";

/** Minutes for which a landing counts towards the `inbound_delay` of the flights that leave after it. */
const INBOUND_MINUTES = 120;

/** Bounds of what one landing may add to `inbound_delay`: a delay of 28 hours says nothing of the next departure. */
const INBOUND_BOUNDS_MINUTES = [-60, 300] as const;

/**
 * One number for an airport's minute, so that grouping, window and join run on one integer column: airports lie 2^32
 * apart, so that no window of minutes reaches from one into the next.
 */
const airportMinute = (airport: string, minute: string): string =>
  `bitShiftLeft(toInt64(reinterpretAsUInt32(${airport})), 32) + ${minute}`;

/**
 * Statements that fill the tables `flight` (times in minutes since 1970) and `inbound` (mean delay of what landed
 * lately, by airport and minute) from the data set. A row number tells the flights of one minute apart.
 */
export function featureTables(dataset: string): string[] {
  const [least, most] = INBOUND_BOUNDS_MINUTES;
  return [
    `CREATE DATABASE flights`,
    `CREATE TABLE flights.flight ENGINE = Memory AS
      SELECT assumeNotNull(origin)::LowCardinality(String) AS origin,
        assumeNotNull(destination)::LowCardinality(String) AS destination,
        assumeNotNull(distance)::UInt16 AS distance,
        assumeNotNull(delay)::Int16 AS delay,
        intDiv(toUnixTimestamp64Milli(assumeNotNull(date)), 60000)::UInt32 AS departure,
        (departure + ${FLIGHT_MINUTES})::UInt32 AS landing,
        (row_number() OVER (PARTITION BY departure ORDER BY origin, destination, distance, delay))::UInt16 AS number
      FROM file('${dataset.replaceAll("'", "\\'")}', 'Parquet')`,
    `CREATE TABLE flights.airport_minute ENGINE = Memory AS
      SELECT airport_minute, sum(landed)::UInt16 AS landings, sum(delayed)::Int32 AS delays
      FROM (
        SELECT ${airportMinute("destination", "landing")} AS airport_minute, 1 AS landed,
          least(greatest(delay, ${least}), ${most}) AS delayed
        FROM flights.flight
        UNION ALL
        SELECT ${airportMinute("origin", "departure")}, 0, 0 FROM flights.flight
      )
      GROUP BY airport_minute`,
    `CREATE TABLE flights.inbound ENGINE = Memory AS
      SELECT airport_minute, sum(landings) OVER lately AS landed,
        if(landed = 0, NULL, sum(delays) OVER lately / landed) AS inbound_delay
      FROM flights.airport_minute
      WINDOW lately AS (ORDER BY airport_minute RANGE BETWEEN ${INBOUND_MINUTES} PRECEDING AND 1 PRECEDING)`,
  ];
}

/**
 * Query for the flights of a span of departure times, ordered by departure: `id` (UUIDv7 of the departure, numbered
 * within its minute), `departure_ms`, `landing_ms`, `outcome` and the inputs. `share` thins them by a hash.
 */
export function flightRows(columns: string, fromMs: number, toMs: number, share: number): string {
  return `
    SELECT ${columns}
    FROM (
      SELECT departure::UInt64 * 60000 AS departure_ms, delay,
        landing::UInt64 * 60000 AS landing_ms,
        ${uuidV7("departure_ms", "number", "cityHash64(departure, number, origin, destination)")} AS id,
        if(delay >= ${LATE_FROM_MINUTES}, 'late', 'on_time') AS outcome,
        toHour(toDateTime(departure * 60, 'UTC')) AS hour,
        ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][toDayOfWeek(toDateTime(departure * 60, 'UTC'))] AS weekday,
        distance, origin, destination, inbound_delay
      FROM flights.flight
      LEFT JOIN flights.inbound ON inbound.airport_minute = ${airportMinute("origin", "departure")}
      WHERE departure >= ${Math.ceil(fromMs / 60_000)} AND departure < ${Math.ceil(toMs / 60_000)}
        AND cityHash64(departure, number) % 1000000 < ${Math.round(share * 1_000_000)}
      ORDER BY departure, number
    )`;
}

/** RFC 9562: 48 bits of time in milliseconds, the version, a 12-bit counter, the variant, and 62 bits of a hash. */
function uuidV7(ms: string, counter: string, hash: string): string {
  const first = `bitShiftLeft(${ms}, 16) + 0x7000 + ${counter}`;
  const second = `bitOr(0x8000000000000000, bitShiftRight(${hash}, 2))`;
  return `toString(reinterpretAsUUID(bitShiftLeft(toUInt128(${second}), 64) + toUInt128(${first})))`;
}
