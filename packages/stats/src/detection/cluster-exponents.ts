import type { DetectionReference } from "./detection-reference.ts";

/** Inflations at which the factors are computed; between them they are interpolated, beyond the last they are its. */
const NODES = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10, 13, 16, 20, 25, 32, 40, 64, 128, 256] as const;
const BISECTIONS = 24;

const byReference = new WeakMap<DetectionReference, Map<number, Float64Array>>();

/**
 * By how much more than the variance inflation V an alternative's log ratio must be divided, so that rows which come in
 * clusters of equal values cannot feign evidence.
 *
 * Dividing by V keeps the *variance* of the evidence right, which is enough for alternatives close to the reference. A far
 * one gives a row several nats, and one long burst in a rare bin is then worth any line: with geometric clusters the mean
 * of exp(sum / V) does not even exist. Where rows come in clusters of geometric size with V = (2 - q) / q, the e-value's
 * mean of 1 is kept by the smallest T >= V with
 *
 *     sum_b p_b q x_b / (1 - (1 - q) x_b) <= 1,  x_b = exp(g_b / T)
 *
 * (the generating function of a cluster's evidence; g the log ratios), and the factor is T / V. It is 1 for V = 1 and tends
 * to 1 for alternatives close to the reference.
 *
 * @param variance V of location and scale, at least 1.
 * @returns a factor, at least 1, for each alternative and last for the omnibus part (the largest of the others).
 */
export function clusterExponents(reference: DetectionReference, variance: readonly [number, number]): Float64Array {
  const { count, groups } = reference.alternatives;
  const factors = new Float64Array(count + 1).fill(1);
  const inflations = [variance[0], variance[1], Math.max(variance[0], variance[1])] as const;
  if (inflations[2] === 1) return factors;
  const tables = inflations.map((inflation) => tablesAround(reference, inflation));
  for (let m = 0; m < count; m++) {
    const { lower, upper, share } = tables[groups[m]!]!;
    factors[m] = (1 - share) * lower[m]! + share * upper[m]!;
    factors[count] = Math.max(factors[count]!, factors[m]!);
  }
  return factors;
}

/** The tables of the nodes on both sides of an inflation, and where it lies between them. */
function tablesAround(reference: DetectionReference, inflation: number) {
  const above = NODES.findIndex((node) => node >= inflation);
  const upperNode = NODES[above === -1 ? NODES.length - 1 : above]!;
  const lowerNode = above > 0 ? NODES[above - 1]! : upperNode;
  const share = upperNode === lowerNode ? 1 : (inflation - lowerNode) / (upperNode - lowerNode);
  return { lower: tableAt(reference, lowerNode), upper: tableAt(reference, upperNode), share };
}

function tableAt(reference: DetectionReference, inflation: number): Float64Array {
  let tables = byReference.get(reference);
  if (tables === undefined) {
    tables = new Map();
    byReference.set(reference, tables);
  }
  let table = tables.get(inflation);
  if (table === undefined) {
    const { count } = reference.alternatives;
    table = Float64Array.from({ length: count }, (_, m) => factorOf(reference, m, inflation));
    tables.set(inflation, table);
  }
  return table;
}

/** T / V by bisection on u = 1 / T in (0, 1 / V]: the condition holds for small u and, by convexity, up to one root. */
function factorOf({ probabilities, alternatives }: DetectionReference, m: number, inflation: number): number {
  const { count, logRatios } = alternatives;
  const q = 2 / (inflation + 1);
  const holds = (u: number): boolean => {
    let sum = 0;
    for (let bin = 0; bin < probabilities.length; bin++) {
      const x = Math.exp(u * logRatios[bin * count + m]!);
      const rest = 1 - (1 - q) * x;
      if (rest <= 0) return false;
      sum += (probabilities[bin]! * q * x) / rest;
    }
    return sum <= 1 + 1e-12;
  };
  let upper = 1 / inflation;
  if (inflation === 1 || holds(upper)) return 1;
  let lower = 0;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (lower + upper) / 2;
    if (holds(middle)) lower = middle;
    else upper = middle;
  }
  return lower > 0 ? 1 / (lower * inflation) : Number.POSITIVE_INFINITY;
}
