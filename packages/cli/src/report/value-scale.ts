/** A linear scale from values to a length in SVG units, with ticks on round values. */
export interface ValueScale {
  readonly ticks: readonly number[];
  /** Distance from the low end. */
  position(value: number): number;
}

export interface ScaleOptions {
  /** Values that must fit; not empty. */
  readonly values: readonly number[];
  /** Length in SVG units. */
  readonly length: number;
  /** Ends that the axis never passes, such as 0 and 1 of a share. */
  readonly limits?: readonly [low: number, high: number];
  /** What ticks are round in, such as 3,600 for seconds that are told in hours; 1 unless given. */
  readonly unit?: number;
}

/** Values closer than this, of their size, are drawn as one. */
const FLAT = 1e-9;

/** With limits the axis shows at least this share of them, so that a steady share looks steady. */
const LEAST_SHARE = 0.02;

/** A scale that holds all values with 6 % of room at each end, and two to five ticks. */
export function createScale({ values, length, limits, unit = 1 }: ScaleOptions): ValueScale {
  const smallest = Math.min(...values);
  const largest = Math.max(...values);
  const magnitude = Math.max(Math.abs(smallest), Math.abs(largest));
  const least = limits === undefined ? 0 : LEAST_SHARE * (limits[1] - limits[0]);
  const isFlat = largest - smallest <= FLAT * Math.max(magnitude, 1e-6);
  const spread = isFlat ? (magnitude > FLAT ? 0.2 * magnitude : 1) : largest - smallest;
  const room = Math.max((isFlat ? 0.56 : 0.06) * spread, (least - spread) / 2);
  const low = Math.max(smallest - room, Math.min(limits?.[0] ?? -Infinity, smallest));
  const high = Math.min(largest + room, Math.max(limits?.[1] ?? Infinity, largest));
  const step = unit * roundStep((high - low) / 2.2 / unit);
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return { ticks, position: (value) => ((value - low) / (high - low)) * length };
}

/** The next of 1, 2, 5 times a power of ten at or below a step. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([5, 2, 1].find((factor) => factor * power <= step * (1 + 1e-9)) ?? 1);
}
