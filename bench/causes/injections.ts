import type { SeededRandom } from "../detection/seeded-random.ts";
import type { ScoredFlight } from "./flight-weeks.ts";

/** A fault put into a window of flights: what the service was told, or from which delay on a flight is called late. */
export interface Injection {
  readonly name: string;
  /** What counts as right. */
  readonly cause: string;
  readonly inject: (flights: readonly ScoredFlight[], random: SeededRandom) => readonly ScoredFlight[];
  readonly lateFromMinutes?: (random: SeededRandom) => number;
}

const FEATURES = ["hour", "weekday", "distance", "origin", "destination", "inbound_delay"] as const;
const TEXTS = ["weekday", "origin", "destination"] as const;
const NUMBERS = ["hour", "distance", "inbound_delay"] as const;

/** Every injection draws feature, share and place from the seed. */
export const injections: readonly Injection[] = [
  { name: "none", cause: "none", inject: (flights) => flights },
  {
    name: "unit change: distance or inbound delay in another unit",
    cause: "unit_change",
    inject(flights, random) {
      const [name, factor] = pick(
        [
          ["distance", 1.609344],
          ["distance", 1 / 1000],
          ["inbound_delay", 60],
        ] as const,
        random,
      );
      return flights.map((flight) => with_(flight, name, times(flight[name], factor)));
    },
  },
  {
    name: "nulls: 5 to 50 % of one feature",
    cause: "nulls",
    inject(flights, random) {
      const name = pick(FEATURES, random);
      const share = 0.05 + 0.45 * random.uniform();
      return flights.map((flight) => (random.uniform() < share ? with_(flight, name, null) : flight));
    },
  },
  {
    name: "stuck: one feature repeats a value in the last 30 to 100 % of the rows",
    cause: "stuck",
    inject(flights, random) {
      const name = pick(FEATURES, random);
      const from = Math.floor(flights.length * 0.7 * random.uniform());
      const value = flights.slice(from).find((flight) => flight[name] !== null)![name];
      return flights.map((flight, at) => (at < from ? flight : with_(flight, name, value)));
    },
  },
  {
    name: "swapped: any two columns of one type, origin and destination among them",
    cause: "swapped",
    inject(flights, random) {
      const kind = random.uniform() < 0.5 ? TEXTS : NUMBERS;
      const a = pick(kind, random);
      const b = pick(
        kind.filter((name) => name !== a),
        random,
      );
      return flights.map((flight) => with_(with_(flight, a, flight[b]), b, flight[a]));
    },
  },
  {
    name: "swapped: origin and destination alone",
    cause: "swapped",
    inject: (flights) =>
      flights.map((flight) => with_(with_(flight, "origin", flight.destination), "destination", flight.origin)),
  },
  {
    name: "changed label rule: late from 0, 5, 30 or 45 minutes on instead of 15",
    cause: "concept_shift",
    inject: (flights) => flights,
    lateFromMinutes: (random) => pick([0, 5, 30, 45], random),
  },
  {
    name: "new airport: 1 to 10 % of the rows",
    cause: "new_category",
    inject(flights, random) {
      const name = pick(["origin", "destination"] as const, random);
      const share = 0.01 + 0.09 * random.uniform();
      return flights.map((flight) => (random.uniform() < share ? with_(flight, name, "ZZZ") : flight));
    },
  },
  {
    name: "shifted mix: three to six times as many long flights, or flights of one large airport",
    cause: "covariate_shift",
    inject(flights, random) {
      const copies = 3 + Math.floor(4 * random.uniform());
      const airport = pick(["ORD", "DFW", "LAX", "ATL"], random);
      const isMeant =
        random.uniform() < 0.5
          ? (flight: ScoredFlight) => flight.distance > 1_000
          : (flight: ScoredFlight) => flight.origin === airport;
      return thinTo(
        flights.flatMap((flight) => (isMeant(flight) ? Array<ScoredFlight>(copies).fill(flight) : [flight])),
        flights.length,
      );
    },
  },
  {
    name: "slow shift: departures creep later by up to 3 to 6 hours, or routes get longer by up to 40 to 100 %",
    cause: "covariate_shift",
    inject(flights, random) {
      const share = random.uniform();
      const isHour = random.uniform() < 0.5;
      return flights.map((flight, at) => {
        const progress = at / flights.length;
        if (isHour) return with_(flight, "hour", Math.min(23, Math.round(flight.hour + progress * (3 + 3 * share))));
        return with_(flight, "distance", Math.round(flight.distance * (1 + progress * (0.4 + 0.6 * share))));
      });
    },
  },
];

/** At most `count`, evenly over the whole. */
export function thinTo<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

function pick<T>(items: readonly T[], random: SeededRandom): T {
  return items[Math.floor(random.uniform() * items.length)]!;
}

function times(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function with_(flight: ScoredFlight, name: (typeof FEATURES)[number], value: unknown): ScoredFlight {
  return { ...flight, [name]: value };
}
