import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { solveLinearSystem } from "./solve-linear-system.ts";

/** Quadrature points; for the narrow kernels of small EWMA weights the error is still below 1e-9. */
const NODES = 80;

export interface CusumDesign {
  /** Slack in standard deviations, at least 0. */
  readonly slack: number;
  /** Decision interval in standard deviations, above 0. */
  readonly decision: number;
}

export interface EwmaDesign {
  /** Weight of the newest value, in (0, 1]. */
  readonly weight: number;
  /** Width of the asymptotic limits in standard deviations of the average, above 0. */
  readonly width: number;
}

/**
 * Average run length of a two-sided tabular CUSUM from 0: the mean number of independent normal values up to a signal.
 *
 * L(z) = 1 + Phi(slack - z - shift) L(0) + integral from 0 to decision of L(y) phi(y + slack - z - shift) dy for one side, solved on
 * Gauss-Legendre nodes; two sides by 1 / L = 1 / L_up + 1 / L_down, which is exact for this chart.
 *
 * @param shift of the mean, in standard deviations; 0 gives the run length between false alarms.
 * @returns at least 1.
 * @throws RangeError naming the design's member out of its domain.
 * Source: D. Brook, D. A. Evans, Biometrika 59 (1972), doi:10.1093/biomet/59.3.539; S. Knoth, R package spc.
 * @example cusumRunLength({ slack: 0.5, decision: 4 }, 0) // 167.7
 */
export function cusumRunLength({ slack, decision }: CusumDesign, shift: number): number {
  if (!(slack >= 0 && Number.isFinite(slack))) throw new RangeError(`slack is ${slack}; expected at least 0`);
  requirePositive("decision", decision);
  requireShift(shift);
  const length = 1 / (1 / oneSided(slack, decision, shift) + 1 / oneSided(slack, decision, -shift));
  if (Number.isNaN(length)) {
    throw new RangeError(`shift is ${shift}, slack ${slack}, decision ${decision}; expected standard deviations`);
  }
  return length;
}

/**
 * Average run length of a two-sided EWMA chart with asymptotic limits, from the mean.
 *
 * L(z) = 1 + integral over the limits of L(y) phi((y - (1 - weight) z) / weight - shift) / weight dy.
 *
 * @param shift of the mean, in standard deviations; 0 gives the run length between false alarms.
 * @returns at least 1.
 * @throws RangeError naming the design's member out of its domain.
 * Source: S. V. Crowder, Technometrics 29 (1987), doi:10.1080/00401706.1987.10488267.
 * @example ewmaRunLength({ weight: 0.1, width: 2.7 }, 0) // 465
 */
export function ewmaRunLength({ weight, width }: EwmaDesign, shift: number): number {
  if (!(weight > 0 && weight <= 1)) throw new RangeError(`weight is ${weight}; expected a number in (0, 1]`);
  requirePositive("width", width);
  requireShift(shift);
  const limit = width * Math.sqrt(weight / (2 - weight));
  const { nodes, weights } = gaussLegendre(NODES);
  const points = nodes.map((node) => node * limit);
  const kernel = (z: number, j: number) =>
    (weights[j]! * limit * density((points[j]! - (1 - weight) * z) / weight - shift)) / weight;
  const lengths = solveRunLengths(NODES, (i, j) => kernel(points[i]!, j));
  return 1 + lengths.reduce((sum, length, j) => sum + kernel(0, j) * length, 0);
}

function oneSided(slack: number, decision: number, shift: number): number {
  const { nodes, weights } = gaussLegendre(NODES);
  /** The first state is 0, which has a mass of its own. */
  const points = [0, ...nodes.map((node) => ((node + 1) * decision) / 2)];
  const lengths = solveRunLengths(NODES + 1, (i, j) => {
    const gap = slack - points[i]! - shift;
    if (j === 0) return normalUpperTail(-gap);
    return ((weights[j - 1]! * decision) / 2) * density(points[j]! + gap);
  });
  return lengths[0]!;
}

/** L = 1 + K L. */
function solveRunLengths(order: number, kernel: (i: number, j: number) => number): number[] {
  const rows = Array.from({ length: order }, (_, i) =>
    Float64Array.from({ length: order + 1 }, (_, j) => (j === order ? 1 : (i === j ? 1 : 0) - kernel(i, j))),
  );
  return solveLinearSystem(rows);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} is ${value}; expected a number above 0`);
}

function requireShift(shift: number): void {
  if (!Number.isFinite(shift)) throw new RangeError(`shift is ${shift}; expected a finite number`);
}
