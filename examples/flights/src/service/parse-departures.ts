import type { Departure } from "../flights/flight.ts";

/** A request that the service cannot answer, and why. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/**
 * Departures of a request body. Throws BadRequest where it is not a JSON array of objects with `id` and `departureMs`.
 * What the features hold is the model's business, and the monitor's.
 */
export function parseDepartures(body: string): Departure[] {
  const departures = parseJson(body);
  if (!Array.isArray(departures)) throw new BadRequest("expected a JSON array of departures");
  const wrong = departures.findIndex((departure) => !isDeparture(departure));
  if (wrong >= 0)
    throw new BadRequest(`departure ${wrong}: expected an object with id (text) and departureMs (number)`);
  return departures;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new BadRequest(`the body is not JSON: ${(error as Error).message}`);
  }
}

function isDeparture(value: unknown): value is Departure {
  if (typeof value !== "object" || value === null) return false;
  const { id, departureMs } = value as Partial<Departure>;
  return typeof id === "string" && Number.isFinite(departureMs);
}
