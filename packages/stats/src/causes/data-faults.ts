import type { FeatureColumn } from "../estimation/feature-encoder.ts";
import { ksTest } from "../tests/ks-test.ts";
import type { FaultKind } from "./first-cause.ts";
import { unitFactor } from "./unit-factor.ts";

export interface DataFault {
  readonly kind: FaultKind;
  /** One feature, or the two that changed places. */
  readonly features: readonly string[];
  /** `unit_change`: what the window's values were multiplied by. */
  readonly factor?: number;
  /** `unit_change`: share of the values that were, where the change came within the window. */
  readonly share?: number;
  /** `stuck`: the value that is repeated, where it is known. */
  readonly value?: number | string;
  /** Share of rows touched, or the distance moved. */
  readonly severity: number;
}

/**
 * Faults of the data of a window against the reference: nulls, stuck, swapped columns, a changed unit, new categories. Rules and
 * thresholds were set on the flights and a loan data set. Swaps of columns alike in distribution cannot be seen from margins.
 *
 * @param reference and `current` hold the same features; a feature is numeric if the reference's present values are numbers.
 * @returns faults, most severe first.
 */
export function findDataFaults(
  reference: Readonly<Record<string, FeatureColumn>>,
  current: Readonly<Record<string, FeatureColumn>>,
): DataFault[] {
  const faults: DataFault[] = [];
  const features = Object.keys(reference).map((name) => {
    const [r, c] = [present(reference[name]!), present(current[name]!)];
    const numeric = r.every((value) => typeof value === "number");
    const moved = numeric ? ks(r, c) : totalVariation(r, c);
    return { name, r, c, numeric, moved, stuck: false };
  });
  type Feature = (typeof features)[number];
  for (const feature of features) {
    const { name, r, c, numeric } = feature;
    const [n, m] = [reference[name]!.length, current[name]!.length];
    const nulls = (m - c.length) / m - (n - r.length) / n;
    if (nulls > 0.01 && shareZ(n - r.length, n, m - c.length, m) > 5) {
      faults.push({ kind: "nulls", features: [name], severity: nulls });
    }
    if (c.length < 100) continue;
    const known = countOf(r);
    const [top, count] = [...countOf(c)].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a));
    const share = count / c.length;
    const rise = share - (known.get(top) ?? 0) / r.length;
    if (known.size > 1 && share > 0.2 && rise > 0.2 && (share > 0.95 || (numeric && known.size > 10))) {
      feature.stuck = true;
      faults.push({ kind: "stuck", features: [name], severity: rise });
      continue;
    }
    if (numeric) continue;
    const unseen = c.filter((value) => !known.has(value)).length;
    const goodTuring = [...known.values()].filter((times) => times === 1).length / Math.max(r.length, 1);
    const usual = Math.max(0.005, 3 * goodTuring + 5 * Math.sqrt(goodTuring / c.length));
    if (unseen >= 10 && unseen / c.length > usual) {
      faults.push({ kind: "new_category", features: [name], severity: unseen / c.length });
    }
  }
  const swapped = new Set<Feature>();
  features.forEach((a, i) => {
    for (const b of features.slice(i + 1)) {
      if (a.numeric !== b.numeric || (a.numeric && [a, b].some((one) => one.stuck || swapped.has(one)))) continue;
      const [distance, least, ratio] = a.numeric ? [ks, 0.1, 0.3] : [totalVariation, 0.15, 0.4];
      const own = Math.min(a.moved, b.moved);
      if (own > least && distance(a.c, b.r) < ratio * a.moved && distance(b.c, a.r) < ratio * b.moved) {
        swapped.add(a).add(b);
        faults.push({ kind: "swapped", features: [a.name, b.name], severity: own });
      }
    }
  });
  for (const feature of features) {
    if (!feature.numeric || feature.moved <= 0.1 || feature.stuck || swapped.has(feature)) continue;
    const factor = unitFactor(feature.r as number[], feature.c as number[]);
    if (factor !== null)
      faults.push({ kind: "unit_change", features: [feature.name], factor, severity: feature.moved });
  }
  const places = new Set([...swapped].map(({ name }) => name));
  return faults
    .filter(({ kind, features: [name] }) => kind !== "new_category" || !places.has(name!))
    .sort((a, b) => b.severity - a.severity);
}

type Value = number | string;

function present(column: FeatureColumn): Value[] {
  return column.filter((value): value is Value => value !== null && value !== "" && !Number.isNaN(value));
}

function countOf(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function ks(a: readonly Value[], b: readonly Value[]): number {
  if (a.length === 0 || b.length === 0) return 1;
  return ksTest(a as number[], b as number[], { method: "asymptotic" }).statistic;
}

function totalVariation(a: readonly Value[], b: readonly Value[]): number {
  const [x, y] = [countOf(a), countOf(b)];
  let sum = 0;
  for (const name of new Set([...x.keys(), ...y.keys()])) {
    sum += Math.abs((x.get(name) ?? 0) / a.length - (y.get(name) ?? 0) / b.length);
  }
  return sum / 2;
}

function shareZ(a: number, n: number, b: number, m: number): number {
  const p = (a + b + 1) / (n + m + 2);
  return ((b + 0.5) / (m + 1) - (a + 0.5) / (n + 1)) / Math.sqrt(p * (1 - p) * (1 / n + 1 / m));
}
