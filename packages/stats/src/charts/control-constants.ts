import gammaln from "@stdlib/math-base-special-gammaln";
import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import { gaussLegendre } from "./gauss-legendre.ts";

/** Constants of control charts for subgroups of n independent normal values, in the letters of the field. */
export interface ControlConstants {
  /** Mean range / sigma. */
  readonly d2: number;
  /** Standard deviation of the range / sigma. */
  readonly d3: number;
  /** Mean standard deviation / sigma. */
  readonly c4: number;
  /** Limits of the mean from the mean range: 3 / (d2 sqrt n). */
  readonly A2: number;
  /** Limits of the mean from the mean standard deviation: 3 / (c4 sqrt n). */
  readonly A3: number;
  /** Limits of the standard deviation: 1 -+ 3 sqrt(1 - c4^2) / c4, at least 0. */
  readonly B3: number;
  readonly B4: number;
  /** Limits of the range: 1 -+ 3 d3 / d2, at least 0. */
  readonly D3: number;
  readonly D4: number;
  /** Limits of single values from the mean range: 3 / d2. */
  readonly E2: number;
}

/** Ranges above this many sigma have a probability below 1e-20. */
const LARGEST_RANGE = 16;
const RANGE_NODES = 160;
/** Step and reach of the trapezoidal rule over the smallest value; for a smooth integrand that dies out it is exact to rounding. */
const STEP = 0.1;
const REACH = 9;

const known = new Map<number, ControlConstants>();

/**
 * Control-chart constants, computed (not table-rounded): c4 by the gamma function, d2 and d3 by integrating the distribution of the range.
 *
 * @param n values in a subgroup, a whole number of at least 2. Computed once for each n.
 * @returns accurate to 1e-10.
 * @throws RangeError where n is not a whole number of at least 2.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, appendix VI; L. H. C. Tippett, Biometrika 17 (1925),
 * doi:10.1093/biomet/17.3-4.364.
 * @example controlConstants(2).d2 // 1.1284
 */
export function controlConstants(n: number): ControlConstants {
  if (!(Number.isInteger(n) && n >= 2 && n <= 10_000)) {
    throw new RangeError(`n is ${n}; expected a whole number from 2 to 10,000`);
  }
  const found = known.get(n) ?? compute(n);
  known.set(n, found);
  return found;
}

function compute(n: number): ControlConstants {
  const { mean: d2, deviation: d3 } = rangeMoments(n);
  const c4 = Math.sqrt(2 / (n - 1)) * Math.exp(gammaln(n / 2) - gammaln((n - 1) / 2));
  const ofDeviation = (3 * Math.sqrt(1 - c4 * c4)) / c4;
  return {
    d2,
    d3,
    c4,
    A2: 3 / (d2 * Math.sqrt(n)),
    A3: 3 / (c4 * Math.sqrt(n)),
    B3: Math.max(0, 1 - ofDeviation),
    B4: 1 + ofDeviation,
    D3: Math.max(0, 1 - (3 * d3) / d2),
    D4: 1 + (3 * d3) / d2,
    E2: 3 / d2,
  };
}

/** Mean and standard deviation of the range by its density n (n - 1) integral of phi(x) phi(x + w) (Phi(x + w) - Phi(x))^(n - 2). */
function rangeMoments(n: number): { mean: number; deviation: number } {
  const { nodes, weights } = gaussLegendre(RANGE_NODES);
  let first = 0;
  let second = 0;
  for (let i = 0; i < nodes.length; i++) {
    const range = ((nodes[i]! + 1) * LARGEST_RANGE) / 2;
    const share = (weights[i]! * LARGEST_RANGE * rangeDensity(range, n)) / 2;
    first += share * range;
    second += share * range * range;
  }
  return { mean: first, deviation: Math.sqrt(second - first * first) };
}

function rangeDensity(range: number, n: number): number {
  let sum = 0;
  for (let offset = -REACH; offset <= REACH; offset += STEP) {
    const smallest = offset - range / 2;
    const largest = offset + range / 2;
    const between = normalUpperTail(smallest) - normalUpperTail(largest);
    sum += Math.exp((-smallest * smallest - largest * largest) / 2) * between ** (n - 2);
  }
  return (n * (n - 1) * sum * STEP) / (2 * Math.PI);
}
