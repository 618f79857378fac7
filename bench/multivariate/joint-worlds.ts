import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";

/** Rows in the order of time; NaN is a missing value. */
export interface DrawnRows {
  readonly hours: Int32Array;
  readonly values: readonly Float64Array[];
}

/** A made-up world of several features that move together. */
export interface JointWorld {
  readonly name: string;
  readonly features: number;
  readonly referenceRows: number;
  /** Hours that the reference covers; null where its rows have no time. */
  readonly referenceHours: number | null;
  /** Draws rows over hours from a time on. `change` makes another world of it with the same margins. */
  draw(random: SeededRandom, rows: number, fromHour: number, hours: number, change?: JointChange): DrawnRows;
}

/** What no single feature shows: all keep their distribution. */
export type JointChange =
  | { readonly kind: "correlation"; readonly to: number }
  | { readonly kind: "swap" }
  | { readonly kind: "sign" };

/** Correlation of the first two features; the others share one factor, by 0.5. */
const FIRST_PAIR = 0.9;
const SHARED = 0.5;

interface WorldOptions {
  readonly name: string;
  readonly features: number;
  readonly referenceRows: number;
  readonly weeks?: number;
  /** Share of a row's noise that it keeps from the row before. */
  readonly memory?: number;
  /** Standard deviation of what whole days differ by. */
  readonly days?: number;
  readonly heavy?: boolean;
}

export const WORLDS: readonly JointWorld[] = [
  createWorld({ name: "normal, 10 features", features: 10, referenceRows: 20_000 }),
  createWorld({ name: "normal, 50 features", features: 50, referenceRows: 20_000 }),
  createWorld({ name: "heavy tails, ties and gaps", features: 10, referenceRows: 20_000, heavy: true }),
  createWorld({ name: "small reference", features: 10, referenceRows: 1_000 }),
  createWorld({ name: "season, eight weeks", features: 10, referenceRows: 80_000, weeks: 8 }),
  createWorld({ name: "season, days differ by 0.2 sd", features: 10, referenceRows: 80_000, weeks: 8, days: 0.2 }),
  createWorld({ name: "rows follow each other, 0.6", features: 10, referenceRows: 40_000, weeks: 4, memory: 0.6 }),
];

function createWorld({ weeks, memory = 0, days = 0, heavy = false, ...world }: WorldOptions): JointWorld {
  const { features } = world;
  return {
    ...world,
    referenceHours: weeks === undefined ? null : weeks * 168,
    draw(random, rows, fromHour, hours, change) {
      const drawn = Array.from({ length: features }, () => new Float64Array(rows));
      const at = new Int32Array(rows);
      const kept = new Float64Array(features);
      const state = new Float64Array(features + 1);
      const fresh = Math.sqrt(1 - memory ** 2);
      for (let row = 0; row < rows; row++) {
        const hour = fromHour + Math.floor((row * hours) / rows);
        at[row] = hour;
        for (let j = 0; j <= features; j++) state[j] = memory * state[j]! + fresh * random.normal();
        mix(state, kept, change);
        for (let j = 0; j < features; j++) {
          const level = weeks === undefined ? 0 : season(hour, j) + (days === 0 ? 0 : days * dayLevel(hour, j));
          drawn[j]![row] = margin(kept[j]! + level, heavy ? j % 4 : 0, random);
        }
      }
      return { hours: at, values: drawn };
    },
  };
}

/** The last of the state is the factor that all but the first two share. */
function mix(state: Float64Array, into: Float64Array, change: JointChange | undefined): void {
  const factor = state.at(-1)!;
  for (let j = 2; j < into.length; j++) into[j] = SHARED * factor + Math.sqrt(1 - SHARED ** 2) * state[j]!;
  const pair = change?.kind === "correlation" ? change.to : change?.kind === "sign" ? -FIRST_PAIR : FIRST_PAIR;
  into[0] = state[0]!;
  into[1] = pair * state[0]! + Math.sqrt(1 - pair ** 2) * state[1]!;
  if (change?.kind === "swap") [into[1], into[2]] = [into[2]!, into[1]];
}

function season(hour: number, j: number): number {
  return Math.sin((2 * Math.PI * (hour % 24)) / 24 + j) + (Math.floor(hour / 24) % 7 >= 5 ? 0.5 : 0);
}

const LEVELS_KEPT = 20_000;
const levels = new Map<string, number>();

/** The same for a day and a feature, whoever draws. */
function dayLevel(hour: number, j: number): number {
  const name = `day ${Math.floor(hour / 24)} ${j}`;
  let level = levels.get(name);
  if (level === undefined) {
    level = createSeededRandom(name).normal();
    if (levels.size >= LEVELS_KEPT) levels.clear();
    levels.set(name, level);
  }
  return level;
}

/** Normal, lognormal, five values, or one in ten missing. */
function margin(value: number, kind: number, random: SeededRandom): number {
  if (kind === 1) return Math.exp(2 * value);
  if (kind === 2) return Math.max(-2, Math.min(2, Math.round(value)));
  if (kind === 3) return random.uniform() < 0.1 ? Number.NaN : value;
  return value;
}
