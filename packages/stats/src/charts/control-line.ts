/** Points of a control chart with their limits. */
export interface ControlLine {
  readonly values: readonly number[];
  readonly center: number;
  /** Limits by point. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** Indexes of the points strictly outside their limits, ascending. */
  readonly outside: readonly number[];
}

/** A line whose limits are numbers, or functions of the point. */
export function controlLine(
  values: readonly number[],
  center: number,
  lower: number | ((index: number) => number),
  upper: number | ((index: number) => number),
): ControlLine {
  const at = (limit: number | ((index: number) => number)) =>
    values.map((_, i) => (typeof limit === "number" ? limit : limit(i)));
  const [lowers, uppers] = [at(lower), at(upper)];
  const outside = values.flatMap((value, i) => (value < lowers[i]! || value > uppers[i]! ? [i] : []));
  return { values, center, lower: lowers, upper: uppers, outside };
}

/** @throws RangeError where there are fewer than `least` numbers, or one is not finite. */
export function requirePoints(name: string, values: readonly number[], least: number): void {
  if (values.length < least) throw new RangeError(`${name} has ${values.length} values; expected at least ${least}`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new RangeError(`${name}[${wrong}] is ${values[wrong]}; expected a finite number`);
}

export function meanOf(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  // Values whose sum is beyond a double still have a mean.
  return Number.isFinite(sum) ? sum / values.length : values.reduce((mean, value) => mean + value / values.length, 0);
}
