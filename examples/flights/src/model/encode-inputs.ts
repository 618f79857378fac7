import type { FlightInputs } from "../flights/flight.ts";
import type { ModelDescription } from "./model-description.ts";

/** One row of float32 for each flight, as training/train.py makes it: names as numbers, NaN for what is missing. */
export function encodeInputs(flights: readonly FlightInputs[], description: ModelDescription): Float32Array {
  const { features, weekdays, lateShare } = description;
  const rows = new Float32Array(flights.length * features.length);
  let cell = 0;
  for (const flight of flights) {
    rows[cell++] = flight.hour;
    rows[cell++] = weekdays.indexOf(flight.weekday);
    rows[cell++] = flight.distance;
    rows[cell++] = lateShare.origin[flight.origin] ?? lateShare.average;
    rows[cell++] = lateShare.destination[flight.destination] ?? lateShare.average;
    rows[cell++] = flight.inbound_delay ?? Number.NaN;
  }
  return rows;
}
