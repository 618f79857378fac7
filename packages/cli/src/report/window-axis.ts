import type { Measurement } from "@tidemark/schema";

export interface AxisWindow {
  /** ISO 8601 UTC, as in the measurements. */
  readonly start: string;
  readonly end: string;
}

/** Windows on an axis at most; the newest are kept. */
const MAX_WINDOWS = 80;

/**
 * The windows of some measurements in order of time, with those between them that nothing was measured in, so that
 * equal steps on the axis are equal times. At most 80, the newest.
 */
export function windowAxis(measurements: readonly Measurement[]): AxisWindow[] {
  const known = new Map(measurements.map(({ window }) => [window.start, { start: window.start, end: window.end }]));
  const newestFirst = [...known.values()].sort((a, b) => (a.start > b.start ? -1 : 1));
  const axis: AxisWindow[] = [];
  for (const window of newestFirst) {
    const lengthMs = Date.parse(window.end) - Date.parse(window.start);
    let gapEnd = axis.at(-1)?.start ?? window.end;
    while (gapEnd > window.end && axis.length < MAX_WINDOWS) {
      const gap = { start: new Date(Date.parse(gapEnd) - lengthMs).toISOString(), end: gapEnd };
      axis.push(gap);
      gapEnd = gap.start;
    }
    if (axis.length >= MAX_WINDOWS) break;
    axis.push(window);
  }
  return axis.reverse();
}

/** What a series is: a metric, of one target, where it has several; and further attributes. */
export interface SeriesQuery {
  readonly metric: string;
  readonly target?: { readonly kind: string; readonly name: string };
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One measurement a window of the axis; null where there is none. */
export type Series = readonly (Measurement | null)[];

export function seriesOf(
  measurements: readonly Measurement[],
  axis: readonly AxisWindow[],
  query: SeriesQuery,
): Series {
  const byStart = new Map(
    measurements.filter((measurement) => matches(measurement, query)).map((found) => [found.window.start, found]),
  );
  return axis.map(({ start }) => byStart.get(start) ?? null);
}

/** The newest measurement of a series that has a value. */
export function newestOf(series: Series): Measurement | null {
  return series.findLast((measurement) => measurement !== null && measurement.value !== null) ?? null;
}

function matches({ metric, target, attributes }: Measurement, query: SeriesQuery): boolean {
  if (metric !== query.metric) return false;
  if (query.target !== undefined && (target.kind !== query.target.kind || target.name !== query.target.name))
    return false;
  return Object.entries(query.attributes ?? {}).every(([name, value]) => attributes[name] === value);
}
