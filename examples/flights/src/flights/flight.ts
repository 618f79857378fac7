/** What the model is told of a departure at push-back. */
export type FlightInputs = {
  /** Hour of the day of the departure, 0 to 23. */
  readonly hour: number;
  readonly weekday: string;
  /** Miles. */
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
  /** Mean delay in minutes of the flights that landed at the origin in the two hours before; null where none did. */
  readonly inbound_delay: number | null;
};

/** A departure as the traffic process sends it to the service. */
export type Departure = FlightInputs & {
  /** UUIDv7 of the departure time. */
  readonly id: string;
  readonly departureMs: number;
};

/** A departure and what became of it. */
export interface Flight {
  readonly departure: Departure;
  /** When the truth is known. */
  readonly landingMs: number;
  readonly outcome: Outcome;
}

/** What the service answers for a departure. */
export interface Answer {
  readonly id: string;
  /** Probability of `late`. */
  readonly score: number;
  readonly label: Outcome;
}

export type Outcome = "late" | "on_time";

export const MODEL_NAME = "flight-delay";
export const MODEL_VERSION = "1";

/** The features in the order of the model's columns. */
export const FEATURES = {
  hour: "numeric",
  weekday: "categorical",
  distance: "numeric",
  origin: "categorical",
  destination: "categorical",
  inbound_delay: "numeric",
} as const satisfies Record<keyof FlightInputs, "numeric" | "categorical">;

/** A flight is late from this delay on, in minutes. */
export const LATE_FROM_MINUTES = 15;

/** Training data and reference: 1 to 28 January 2001. */
export const REFERENCE = { fromMs: Date.UTC(2001, 0, 1), toMs: Date.UTC(2001, 0, 29) } as const;
