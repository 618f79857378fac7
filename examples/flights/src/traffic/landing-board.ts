import type { Flight } from "../flights/flight.ts";

/** Flights in the air, by the time at which they land. Landing times are whole minutes. */
export class LandingBoard {
  readonly #byLanding = new Map<number, Flight[]>();
  #nextMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  add(flights: readonly Flight[]): void {
    for (const flight of flights) {
      const { landingMs } = flight;
      const others = this.#byLanding.get(landingMs);
      if (others === undefined) this.#byLanding.set(landingMs, [flight]);
      else others.push(flight);
      this.#nextMs = Math.min(this.#nextMs, landingMs);
      this.#lastMs = Math.max(this.#lastMs, landingMs);
    }
  }

  /** Takes the flights that have landed by this time off the board, in the order of their landing. */
  takeLanded(timeMs: number): Flight[] {
    const landed: Flight[] = [];
    for (; this.#nextMs <= Math.min(timeMs, this.#lastMs); this.#nextMs += MINUTE_MS) {
      landed.push(...(this.#byLanding.get(this.#nextMs) ?? []));
      this.#byLanding.delete(this.#nextMs);
    }
    return landed;
  }

  takeAll(): Flight[] {
    return this.takeLanded(Number.POSITIVE_INFINITY);
  }
}

const MINUTE_MS = 60_000;
