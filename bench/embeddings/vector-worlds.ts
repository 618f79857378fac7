import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";

/** Vectors in the order of time. */
export interface DrawnVectors {
  /** rows × dimension, row by row. */
  readonly values: Float32Array;
  readonly hours: Int32Array;
}

/** A made-up world of vectors. */
export interface VectorWorld {
  readonly name: string;
  readonly dimension: number;
  readonly referenceRows: number;
  /** Hours that the reference covers; null where its rows have no time. */
  readonly referenceHours: number | null;
  draw(random: SeededRandom, rows: number, fromHour: number, hours: number, change?: VectorChange): DrawnVectors;
}

export type VectorChange =
  /** The mean moves in a random direction, by so many standard deviations of the whole cloud, before vectors are normalised. */
  | { readonly kind: "shift"; readonly by: number }
  /** A cluster that the reference has in one of eight rows has this share. */
  | { readonly kind: "cluster"; readonly share: number }
  /** Such a share of rows from a cluster that the reference never had. */
  | { readonly kind: "new cluster"; readonly share: number }
  /** Elements in another order: another model. */
  | { readonly kind: "rotation" }
  /** Such a share of rows of another model. */
  | { readonly kind: "mixed models"; readonly share: number }
  /** Vectors that were normalised are not, or the other way round. */
  | { readonly kind: "length" }
  /** Every vector closer to the mean of all, as truncated texts are. */
  | { readonly kind: "truncated"; readonly by: number };

interface WorldOptions {
  readonly name: string;
  readonly dimension: number;
  readonly referenceRows: number;
  readonly weeks?: number;
  /** Standard deviation between the clusters' centres, in those within one; 0: no clusters. */
  readonly clusters?: number;
  /** Standard deviations of elements fall as a power of their number; 0: all equal. */
  readonly power?: number;
  /** Mean and standard deviation of the weight of one direction that all vectors share, in the norm of the rest. */
  readonly dominant?: readonly [number, number];
  readonly normalised?: boolean;
  /** The hour and the weekday say which clusters are asked for. */
  readonly season?: boolean;
  /** Standard deviation of what days add to the clusters' weights, as a logarithm. */
  readonly days?: number;
  /** Share of a row's noise and chance of its cluster that it keeps from the row before. */
  readonly memory?: number;
}

const CLUSTERS = 8;
const TEXT = { clusters: 1, power: 0.35, dominant: [1.2, 0.35], normalised: true } as const;

export const WORLDS: readonly VectorWorld[] = [
  createWorld({ name: "normal, 64 dimensions", dimension: 64, referenceRows: 20_000 }),
  createWorld({ name: "eight clusters, 64 dimensions", dimension: 64, referenceRows: 20_000, clusters: 1 }),
  createWorld({ name: "as text, 64 dimensions", dimension: 64, referenceRows: 20_000, ...TEXT }),
  createWorld({ name: "as text, 768 dimensions", dimension: 768, referenceRows: 20_000, ...TEXT }),
  createWorld({ name: "as text, 768 dimensions, reference of 2,000", dimension: 768, referenceRows: 2_000, ...TEXT }),
  createWorld({ name: "season, eight weeks", dimension: 64, referenceRows: 40_000, weeks: 8, season: true, ...TEXT }),
  createWorld({ name: "days differ, eight weeks", dimension: 64, referenceRows: 40_000, weeks: 8, days: 0.3, ...TEXT }),
  createWorld({
    name: "rows follow each other, 0.6",
    dimension: 64,
    referenceRows: 40_000,
    weeks: 4,
    memory: 0.6,
    ...TEXT,
  }),
];

function createWorld(options: WorldOptions): VectorWorld {
  const { name, dimension, referenceRows, weeks } = options;
  const { power = 0, clusters = 0, dominant, normalised = false, memory = 0 } = options;
  const fixed = createSeededRandom(`vectors ${name}`);
  const scales = Float64Array.from({ length: dimension }, (_, j) => (j + 1) ** -power);
  const total = Math.sqrt(scales.reduce((sum, scale) => sum + scale ** 2, 0));
  const centre = () => scales.map((scale) => clusters * scale * fixed.normal());
  const centres = Array.from({ length: CLUSTERS }, centre);
  const unseen = centre();
  const shared = randomUnit(fixed, dimension);
  const moved = randomUnit(fixed, dimension);
  const fresh = Math.sqrt(1 - memory ** 2);

  function draw(
    random: SeededRandom,
    rows: number,
    fromHour: number,
    hours: number,
    change?: VectorChange,
  ): DrawnVectors {
    const at = new Int32Array(rows);
    const values = new Float32Array(rows * dimension);
    const noise = Float64Array.from({ length: dimension }, () => random.normal());
    const vector = new Float64Array(dimension);
    let cluster = 0;
    for (let row = 0; row < rows; row++) {
      at[row] = fromHour + Math.floor((row * hours) / rows);
      for (let j = 0; j < dimension; j++) noise[j] = memory * noise[j]! + fresh * random.normal();
      if (row === 0 || random.uniform() >= memory) cluster = clusterOf(options, at[row]!, random, change);
      const own = cluster < CLUSTERS ? centres[cluster]! : unseen;
      const weight = dominant === undefined ? 0 : total * (dominant[0] + dominant[1] * random.normal());
      const shift = change?.kind === "shift" ? change.by * total : 0;
      const kept = change?.kind === "truncated" ? 1 - change.by : 1;
      for (let j = 0; j < dimension; j++) {
        vector[j] = weight * shared[j]! + shift * moved[j]! + kept * (own[j]! + scales[j]! * noise[j]!);
      }
      const isNormalised = change?.kind === "length" ? !normalised : normalised;
      const length = isNormalised ? Math.hypot(...vector) : 1;
      const isOther =
        change?.kind === "rotation" || (change?.kind === "mixed models" && random.uniform() < change.share);
      for (let j = 0; j < dimension; j++) {
        values[row * dimension + j] = vector[isOther ? (j + 7) % dimension : j]! / length;
      }
    }
    return { values, hours: at };
  }
  return { name, dimension, referenceRows, referenceHours: weeks === undefined ? null : weeks * 168, draw };
}

function randomUnit(random: SeededRandom, dimension: number): Float64Array {
  const vector = Float64Array.from({ length: dimension }, () => random.normal());
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Clusters 0 to 7, or 8 for the one never seen. */
function clusterOf(
  { season = false, days = 0, name }: WorldOptions,
  hour: number,
  random: SeededRandom,
  change: VectorChange | undefined,
): number {
  if (change?.kind === "cluster" && random.uniform() < change.share) return 0;
  if (change?.kind === "new cluster" && random.uniform() < change.share) return CLUSTERS;
  const first = change?.kind === "cluster" ? 1 : 0;
  if (!season && days === 0) return first + Math.floor(random.uniform() * (CLUSTERS - first));
  const weights = Array.from({ length: CLUSTERS }, (_, k) => {
    if (k < first) return 0;
    const daily = season ? 0.6 * Math.sin((2 * Math.PI * ((hour % 24) + 3 * k)) / 24) : 0;
    const weekly = season && Math.floor(hour / 24) % 7 >= 5 ? 0.3 * (k % 2 === 0 ? 1 : -1) : 0;
    return Math.exp(daily + weekly + (days === 0 ? 0 : days * dayLevel(name, hour, k)));
  });
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = first; k < CLUSTERS; k++) {
    left -= weights[k]!;
    if (left < 0) return k;
  }
  return CLUSTERS - 1;
}

const levels = new Map<string, number>();

/** The same for a day and a cluster, whoever draws. */
function dayLevel(name: string, hour: number, cluster: number): number {
  const key = `${name} ${Math.floor(hour / 24)} ${cluster}`;
  let level = levels.get(key);
  if (level === undefined) {
    level = createSeededRandom(key).normal();
    levels.set(key, level);
  }
  return level;
}
