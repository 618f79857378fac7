import { canonicalJson, type Measurement } from "@tidemark/schema";

/** Note of a row that a later judgement no longer has; such rows are kept for their revision and not shown. */
const WITHDRAWN = "withdrawn: late records changed the window, and this value no longer exists";

export interface Revision {
  /** The window's measurements as they now stand. */
  readonly current: Measurement[];
  /** The rows to store: new, changed and withdrawn ones. Empty where late records changed nothing. */
  readonly changed: Measurement[];
}

/**
 * Compares a fresh judgement of a window with what is stored of it. A value that is the same keeps its revision,
 * one that differs in any part gets the next, and one that no longer exists is withdrawn.
 */
export function reviseMeasurements(stored: readonly Measurement[], fresh: readonly Measurement[]): Revision {
  const before = new Map(stored.map((measurement) => [identityOf(measurement), measurement]));
  const current: Measurement[] = [];
  const changed: Measurement[] = [];
  for (const measurement of fresh) {
    const identity = identityOf(measurement);
    const known = before.get(identity);
    before.delete(identity);
    if (known !== undefined && isSame(known, measurement)) {
      current.push(known);
    } else {
      const revised = known === undefined ? measurement : { ...measurement, revision: known.revision + 1 };
      current.push(revised);
      changed.push(revised);
    }
  }
  for (const gone of before.values()) if (!isWithdrawn(gone)) changed.push(withdraw(gone));
  return { current, changed };
}

export function isWithdrawn(measurement: Measurement): boolean {
  return measurement.evidence.note === WITHDRAWN;
}

function identityOf({ signal, target, metric, attributes }: Measurement): string {
  return canonicalJson([signal, target.kind, target.name, metric, attributes]);
}

function isSame(a: Measurement, b: Measurement): boolean {
  return canonicalJson({ ...a, revision: 0 }) === canonicalJson({ ...b, revision: 0 });
}

function withdraw(measurement: Measurement): Measurement {
  return {
    ...measurement,
    value: null,
    lower: null,
    upper: null,
    state: null,
    threshold: null,
    evidence: { numbers: {}, note: WITHDRAWN, bins: null },
    count: 0,
    effective: 0,
    revision: measurement.revision + 1,
  };
}
