import { requirePoints } from "./control-line.ts";

/** Western Electric rules WE1 to WE4 and Nelson rules N1 to N8. */
export type RunRule = "WE1" | "WE2" | "WE3" | "WE4" | "N1" | "N2" | "N3" | "N4" | "N5" | "N6" | "N7" | "N8";

/** Whether the pattern ends at `i`; z = (value - center) / sigma. */
const RULES: Readonly<Record<RunRule, (z: readonly number[], i: number) => boolean>> = {
  WE1: (z, i) => beyond(z, i, { zone: 3, least: 1, among: 1 }),
  WE2: (z, i) => beyond(z, i, { zone: 2, least: 2, among: 3 }),
  WE3: (z, i) => beyond(z, i, { zone: 1, least: 4, among: 5 }),
  WE4: (z, i) => beyond(z, i, { zone: 0, least: 8, among: 8 }),
  N1: (z, i) => beyond(z, i, { zone: 3, least: 1, among: 1 }),
  N2: (z, i) => beyond(z, i, { zone: 0, least: 9, among: 9 }),
  N3: (z, i) => steps(z, i, 5).every((step) => step > 0) || steps(z, i, 5).every((step) => step < 0),
  N4: (z, i) => {
    const last = steps(z, i, 13);
    return last.every((step, at) => (at === 0 ? step !== 0 : step * last[at - 1]! < 0));
  },
  N5: (z, i) => beyond(z, i, { zone: 2, least: 2, among: 3 }),
  N6: (z, i) => beyond(z, i, { zone: 1, least: 4, among: 5 }),
  N7: (z, i) => newest(z, i, 15).every((value) => Math.abs(value) < 1),
  N8: (z, i) => newest(z, i, 8).every((value) => Math.abs(value) > 1),
};

/** Points that a rule looks back on; it says nothing before there are as many. */
const REACH: Readonly<Record<RunRule, number>> = {
  WE1: 1,
  WE2: 3,
  WE3: 5,
  WE4: 8,
  N1: 1,
  N2: 9,
  N3: 6,
  N4: 14,
  N5: 3,
  N6: 5,
  N7: 15,
  N8: 8,
};

/**
 * Patterns in a control chart that are unlikely where nothing changed, by the index at which they end.
 *
 * WE1 = N1: beyond 3 sigma. WE2 = N5: 2 of 3 beyond 2 sigma on one side. WE3 = N6: 4 of 5 beyond 1 sigma on one side. WE4, N2: 8, 9 in a
 * row on one side. N3: 6 in a row rising or falling. N4: 14 in a row alternating. N7: 15 in a row within 1 sigma. N8: 8 in a row beyond
 * 1 sigma on either side. All strict; the last point itself must be beyond the line. The more rules, the more false alarms.
 *
 * @param z standardised points, (value - center) / sigma, in order of time.
 * @returns ascending indexes by rule.
 * @throws RangeError where a point is not finite.
 * Sources: Western Electric, Statistical Quality Control Handbook (1956); L. S. Nelson, J. Qual. Technol. 16 (1984),
 * doi:10.1080/00224065.1984.11978921.
 * @example runRules([0, 4]).WE1 // [1]
 */
export function runRules(z: readonly number[]): Record<RunRule, number[]> {
  requirePoints("z", z, 0);
  const found = Object.entries(RULES).map(([rule, ends]) => [
    rule,
    z.flatMap((_, i) => (i + 1 >= REACH[rule as RunRule] && ends(z, i) ? [i] : [])),
  ]);
  return Object.fromEntries(found) as Record<RunRule, number[]>;
}

interface ZoneRule {
  readonly zone: number;
  readonly least: number;
  readonly among: number;
}

function beyond(z: readonly number[], i: number, { zone, least, among }: ZoneRule): boolean {
  const side = Math.sign(z[i]!);
  const isBeyond = (value: number) => value * side > zone;
  return isBeyond(z[i]!) && newest(z, i, among).filter(isBeyond).length >= least;
}

function newest(z: readonly number[], i: number, count: number): readonly number[] {
  return z.slice(i - count + 1, i + 1);
}

function steps(z: readonly number[], i: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => z[i - count + at + 1]! - z[i - count + at]!);
}
