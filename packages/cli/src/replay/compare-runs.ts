import { canonicalJson, type Measurement } from "@tidemark/schema";

/** One value that two runs do not agree on. */
export interface RunDifference {
  readonly kind: "only_first" | "only_second" | "state" | "value";
  readonly measurement: Measurement;
  /** The other run's; null where it has none. */
  readonly other: Measurement | null;
}

/**
 * Measurements of two runs that differ in state, value or interval, or that one alone has, in the order of their windows. Revisions and
 * the hashes of profile and configuration do not count: it is for runs under different ones.
 */
export function compareRuns(first: readonly Measurement[], second: readonly Measurement[]): RunDifference[] {
  const others = new Map(second.map((measurement) => [identityOf(measurement), measurement]));
  const differences: RunDifference[] = [];
  for (const measurement of first) {
    const id = identityOf(measurement);
    const other = others.get(id);
    others.delete(id);
    if (other === undefined) differences.push({ kind: "only_first", measurement, other: null });
    else if (other.state !== measurement.state) differences.push({ kind: "state", measurement, other });
    else if (numbersOf(other) !== numbersOf(measurement)) differences.push({ kind: "value", measurement, other });
  }
  for (const measurement of others.values()) differences.push({ kind: "only_second", measurement, other: null });
  return differences.sort((a, b) => (orderOf(a.measurement) < orderOf(b.measurement) ? -1 : 1));
}

function identityOf({ model, version, role, window, signal, target, metric, attributes }: Measurement): string {
  return canonicalJson([
    model,
    version,
    role,
    window.name,
    window.start,
    signal,
    target.kind,
    target.name,
    metric,
    attributes,
  ]);
}

function numbersOf({ value, lower, upper }: Measurement): string {
  return JSON.stringify([value, lower, upper]);
}

function orderOf(measurement: Measurement): string {
  return `${measurement.window.start} ${identityOf(measurement)}`;
}
