import type { FixtureCase } from "../fixture-file.ts";
import { type ChunkedData, readChunks, type Table } from "../nannyml-data.ts";
import { reproduce } from "../reproduce/reproduction.ts";
import type { TableInput } from "../table-cases.ts";

/** Values by name of one chunk, such as `roc_auc` or `car_value_jensen_shannon`. */
export type ChunkValues = Readonly<Record<string, number>>;

export interface TablePlan {
  /** Learns from the reference what the values of a chunk need. */
  readonly fit: (data: ChunkedData, input: TableInput) => (chunk: Table) => ChunkValues;
  /** Lines are mean +- 3 sd of the reference's chunks; those at or beyond the limit become it (null: none is drawn). */
  readonly lines: (name: string) => { readonly lower: Line; readonly upper: Line };
  /** What the reference's chunks are summed up by for the lines, where it is not the values: the realised ones. */
  readonly linesFrom?: (chunk: Table) => ChunkValues;
  /** Whether a value on a line alerts. */
  readonly alertsOnLine?: boolean;
  /** Alerts that go by something else than lines, by the name of the value. */
  readonly alerts?: (data: ChunkedData, name: string) => ((chunk: Table) => boolean) | null;
  readonly tolerance?: number;
}

/** `none`: there is no line. A number: the limit of one by standard deviations. `zero`: the line is 0. */
type Line = "none" | "zero" | { readonly limit: number | null; readonly drawn: boolean };

export const free: Line = { limit: null, drawn: true };
export const limitedTo = (limit: number): Line => ({ limit, drawn: true });

export function table(plan: TablePlan) {
  const made = new Map<string, Readonly<Record<string, unknown>>[]>();
  return reproduce(
    (entry: FixtureCase) => {
      const input = entry.input as unknown as TableInput;
      const rows = made.get(entry.fn) ?? makeRows(plan, input);
      made.set(entry.fn, rows);
      return rows[input.index];
    },
    { relative: plan.tolerance ?? 1e-9, absolute: 1e-12 },
  );
}

function makeRows(plan: TablePlan, input: TableInput): Record<string, unknown>[] {
  const { fit, lines, linesFrom, alertsOnLine = false, alerts } = plan;
  const data = readChunks(input);
  const valuesOf = fit(data, input);
  const values = data.chunks.map(valuesOf);
  const rows = values.map((chunk, k): Record<string, unknown> => ({ chunk_key: input.rows[k]![0], ...named(chunk) }));
  const reference = data.chunks.slice(0, data.referenceChunks).map(linesFrom ?? ((_chunk, k) => values[k]!));
  for (const name of Object.keys(values[0]!)) {
    const before = reference.map((chunk) => chunk[name]!);
    const { mean, deviation } = momentsOf(before);
    const { lower: low, upper: high } = lines(name);
    const lower = lineAt(low, mean - 3 * deviation, (line, limit) => line <= limit);
    const upper = lineAt(high, mean + 3 * deviation, (line, limit) => line >= limit);
    const alert = alerts?.(data, name) ?? null;
    rows.forEach((row, k) => {
      const value = values[k]![name]!;
      const [least, most] = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY];
      const isOutside = alertsOnLine ? !(value > least && value < most) : value < least || value > most;
      row[`${name}_lower_threshold`] = lower;
      row[`${name}_upper_threshold`] = upper;
      row[`${name}_alert`] = alert === null ? isOutside : alert(data.chunks[k]!);
    });
  }
  return rows;
}

function lineAt(line: Line, at: number, isBeyond: (line: number, limit: number) => boolean): number | null {
  if (line === "none") return null;
  if (line === "zero") return 0;
  if (line.limit === null || !isBeyond(at, line.limit)) return at;
  return line.drawn ? line.limit : null;
}

function named(values: ChunkValues): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_value`, value]));
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
