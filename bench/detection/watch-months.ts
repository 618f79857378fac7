import {
  alarmBudgetLooks,
  type BinKind,
  createDetectionReference,
  createVarianceLadder,
  type DetectionReference,
  EDetector,
  mergeByMap,
  normalQuantile,
  normalUpperTail,
  probeValues,
  rareBinMap,
} from "@tidemark/stats";
import { createBinDrawer } from "./draw-bins.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

/** What the reference of every feature of a month is. */
export type MonthKind =
  /** So many rows, of unknown order. */
  | { readonly reference: number }
  /** So many weeks of rows by hour of the week; every hour's level has a noise of its own, in the reference and after. */
  | { readonly weeks: number; readonly noise: number };

export interface MonthTally {
  /** Changes into critical of all features while nothing happens. */
  readonly alarms: number;
  /** Of these, in the first day. */
  readonly firstDay: number;
  readonly featureLooks: number;
}

export const FEATURES = 100;
export const LOOKS_A_MONTH = 30 * 24 * 60;
const LOOKS_AN_HOUR = 60;
const HOURS_A_WEEK = 168;
const ROWS_A_LOOK = 30;
/** Correlation of the levels of neighbouring hours. */
const LEVEL_CORRELATION = 0.5;
const BINS = 20;
const CONTINUOUS = 60;
const DISCRETE = 15;
const LARGEST_ALPHABET = 49;

/** A month of 100 features looked at every minute, 30 rows a look, nothing happening. */
export function watchMonth(kind: MonthKind, seed: string): MonthTally {
  const random = createSeededRandom(seed);
  let alarms = 0;
  let firstDay = 0;
  for (let feature = 0; feature < FEATURES; feature++) {
    const watched = "weeks" in kind ? openSeasonal(kind, random) : openPlain(kind.reference, feature, random);
    let before = "ok";
    for (let look = 0; look < LOOKS_A_MONTH; look++) {
      const state = watched(look);
      if (state === "critical" && before !== "critical") {
        alarms += 1;
        if (look < 24 * LOOKS_AN_HOUR) firstDay += 1;
      }
      before = state;
    }
  }
  return { alarms, firstDay, featureLooks: FEATURES * LOOKS_A_MONTH };
}

/** Reads the looks of one feature in turn; gives the state after each. */
type WatchedFeature = (look: number) => string;

const alarmLooks = alarmBudgetLooks(FEATURES, LOOKS_A_MONTH);

function openPlain(rows: number, feature: number, random: SeededRandom): WatchedFeature {
  const { kind, probabilities, map, counts } = plainFeature(rows, feature, random);
  const draw = createBinDrawer(probabilities);
  const detector = new EDetector({ references: [createDetectionReference(counts, kind)], alarmLooks });
  const current = new Float64Array(counts.length);
  return () => {
    current.fill(0);
    for (let row = 0; row < ROWS_A_LOOK; row++) current[map[draw(random)]!]! += 1;
    return detector.look(current).state;
  };
}

interface PlainFeature {
  readonly kind: BinKind;
  /** Of the raw bins. */
  readonly probabilities: readonly number[];
  /** The detector's bin of each raw bin. */
  readonly map: readonly number[];
  /** Reference rows in the detector's bins. */
  readonly counts: readonly number[];
}

/** 60 continuous ones, 15 that count something, 25 with 2 to 49 categories. */
function plainFeature(rows: number, feature: number, random: SeededRandom): PlainFeature {
  if (feature < CONTINUOUS) {
    // Edges at the reference's quantiles; on the scale of the true distribution the bins are as wide as these lie apart.
    const sorted = Float64Array.from({ length: rows }, () => random.uniform()).sort();
    const edges = Array.from({ length: BINS - 1 }, (_, k) => sorted[Math.floor(((k + 1) * rows) / BINS) - 1]!);
    const probabilities = [...edges, 1].map((edge, bin) => edge - (edges[bin - 1] ?? 0));
    const counts = probabilities.map(() => rows / BINS);
    return { kind: "numeric", probabilities, map: probabilities.map((_, bin) => bin), counts };
  }
  const isDiscrete = feature < CONTINUOUS + DISCRETE;
  const probabilities = isDiscrete ? countShares(feature) : categoryShares(feature);
  const kind = isDiscrete ? "numeric" : "categorical";
  const draw = createBinDrawer(probabilities);
  const seen = new Array<number>(probabilities.length).fill(0);
  for (let row = 0; row < rows; row++) seen[draw(random)]! += 1;
  const withUnseen = kind === "numeric" ? seen : [...seen, 0];
  const map = rareBinMap(withUnseen, kind);
  return { kind, probabilities, map, counts: mergeByMap(withUnseen, map) };
}

/** Poisson of mean 2, every other one with a share of zeros added. */
function countShares(feature: number): number[] {
  const zeros = feature % 2 === 0 ? 0 : 0.5;
  const largest = 12;
  let term = Math.exp(-2);
  const shares = Array.from({ length: largest }, (_, k) => {
    const share = (1 - zeros) * term + (k === 0 ? zeros : 0);
    term *= 2 / (k + 1);
    return share;
  });
  return [...shares, 1 - shares.reduce((sum, share) => sum + share, 0)];
}

/** Shares that fall as 1 over the rank. */
function categoryShares(feature: number): number[] {
  const place = (feature - CONTINUOUS - DISCRETE) / (FEATURES - CONTINUOUS - DISCRETE - 1);
  const categories = 2 + Math.round(place * (LARGEST_ALPHABET - 2));
  const weights = Array.from({ length: categories }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const NORMAL_EDGES = Array.from({ length: BINS - 1 }, (_, k) => normalQuantile((k + 1) / BINS));

function openSeasonal({ weeks, noise }: { weeks: number; noise: number }, random: SeededRandom): WatchedFeature {
  const level = createLevels(noise, random);
  const looks: number[][] = [];
  const counts = Array.from({ length: HOURS_A_WEEK }, () => new Array<number>(BINS).fill(0));
  for (let hour = 0; hour < weeks * HOURS_A_WEEK; hour++) {
    const draw = drawerAt(level());
    for (let look = 0; look < LOOKS_AN_HOUR; look++) {
      const own = drawLook(draw, random, new Array<number>(BINS).fill(0));
      const slot = counts[hour % HOURS_A_WEEK]!;
      for (let bin = 0; bin < BINS; bin++) slot[bin]! += own[bin]!;
      looks.push(own);
    }
  }
  const { references, variance } = seasonalReference(counts, looks, weeks);
  const detector = new EDetector({ references, alarmLooks, initialVariance: variance });
  const current = new Array<number>(BINS);
  let draw = drawerAt(0);
  return (look) => {
    if (look % LOOKS_AN_HOUR === 0) draw = drawerAt(level());
    const slot = Math.floor(look / LOOKS_AN_HOUR) % HOURS_A_WEEK;
    return detector.look(drawLook(draw, random, current.fill(0)), slot).state;
  };
}

function seasonalReference(
  counts: readonly (readonly number[])[],
  looks: readonly (readonly number[])[],
  weeks: number,
): { readonly references: DetectionReference[]; readonly variance: readonly [number, number] } {
  const probes = counts.map((own) => probeValues(createDetectionReference(own, "numeric")));
  const ladder = createVarianceLadder(2, { bounded: false });
  looks.forEach((own, look) => {
    const table = probes[Math.floor(look / LOOKS_AN_HOUR) % HOURS_A_WEEK]!;
    const sums = table.map((probe) => own.reduce((sum, count, bin) => sum + count * probe[bin]!, 0));
    ladder.push(sums, ROWS_A_LOOK);
  });
  const { variance, rowsPerIndependent } = ladder.dependence("numeric", weeks);
  const references = counts.map((own) => createDetectionReference(own, "numeric", rowsPerIndependent));
  return { references, variance };
}

/** Levels of consecutive hours: stationary, each correlated by a half with the one before. */
function createLevels(noise: number, random: SeededRandom): () => number {
  let level = noise * random.normal();
  const fresh = noise * Math.sqrt(1 - LEVEL_CORRELATION ** 2);
  return () => {
    level = LEVEL_CORRELATION * level + fresh * random.normal();
    return level;
  };
}

/** Draws bins of normal rows about a level, the bins being the twentieths of the level 0. */
function drawerAt(level: number): (random: SeededRandom) => number {
  const upper = [...NORMAL_EDGES.map((edge) => normalUpperTail(edge - level)), 0];
  return createBinDrawer(upper.map((tail, bin) => (bin === 0 ? 1 : upper[bin - 1]!) - tail));
}

function drawLook(draw: (random: SeededRandom) => number, random: SeededRandom, counts: number[]): number[] {
  for (let row = 0; row < ROWS_A_LOOK; row++) counts[draw(random)]! += 1;
  return counts;
}
