import type { Flight } from "../src/flights/flight.ts";

/** A flight from Chicago to Boston that leaves and lands at these times. */
export function flightAt(departureMs: number, landingMs = departureMs + 8_000_000): Flight {
  const inputs = { hour: 9, weekday: "mon", distance: 867, origin: "ORD", destination: "BOS", inbound_delay: 4.5 };
  return { departure: { id: `flight-${departureMs}`, departureMs, ...inputs }, landingMs, outcome: "on_time" };
}
