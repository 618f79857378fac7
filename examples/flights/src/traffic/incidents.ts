import type { Departure } from "../flights/flight.ts";

/** A fault of the pipeline that feeds the model, from 1 May 2001 on. */
export const INCIDENTS = {
  "miles-to-km": {
    meaning: "the distance arrives in kilometres",
    apply: (departure) => ({ ...departure, distance: departure.distance * KILOMETRES_PER_MILE }),
  },
  nulls: {
    meaning: "nothing is known any more of what landed at Chicago O'Hare, the largest airport",
    apply: (departure) => (departure.origin === "ORD" ? { ...departure, inbound_delay: null } : departure),
  },
} as const satisfies Record<string, { meaning: string; apply: (departure: Departure) => Departure }>;

export type IncidentName = keyof typeof INCIDENTS;

export const INCIDENT_FROM_MS = Date.UTC(2001, 4, 1);

const KILOMETRES_PER_MILE = 1.609344;

/** The departure as the faulty pipeline hands it on; as it is before the fault, or without one. */
export function withIncident(departure: Departure, incident: IncidentName | null): Departure {
  return incident === null || departure.departureMs < INCIDENT_FROM_MS
    ? departure
    : INCIDENTS[incident].apply(departure);
}
