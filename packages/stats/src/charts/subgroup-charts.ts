import { controlConstants } from "./control-constants.ts";
import { type ControlLine, controlLine, meanOf, requirePoints } from "./control-line.ts";

export interface SubgroupChart {
  /** Means of the subgroups. */
  readonly mean: ControlLine;
  /** Ranges or standard deviations of the subgroups. */
  readonly spread: ControlLine;
  /** Within subgroups. */
  readonly sigma: number;
}

/**
 * X-bar/R chart: means within A2 mean ranges of the grand mean, ranges within D3 to D4 times their mean.
 *
 * @param groups subgroups of one size of at least 2, in order of time.
 * @throws RangeError where there is no subgroup, sizes differ, or a value is not finite.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 6.2.
 * @example xBarRChart([[1, 2], [2, 3]]).sigma // 0.8862
 */
export function xBarRChart(groups: readonly (readonly number[])[]): SubgroupChart {
  const { A2, D3, D4, d2 } = controlConstants(sizeOf(groups));
  const ranges = groups.map((group) => Math.max(...group) - Math.min(...group));
  const meanRange = meanOf(ranges);
  if (!Number.isFinite(meanRange)) throw new RangeError("groups range over more than a double holds");
  return {
    mean: meanLine(groups, A2 * meanRange),
    spread: controlLine(ranges, meanRange, D3 * meanRange, D4 * meanRange),
    sigma: meanRange / d2,
  };
}

/**
 * X-bar/S chart: means within A3 mean standard deviations of the grand mean, standard deviations within B3 to B4 times their mean.
 * Better than X-bar/R for subgroups of more than about 10.
 *
 * @param groups subgroups of one size of at least 2, in order of time.
 * @throws RangeError where there is no subgroup, sizes differ, or a value is not finite.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 6.3.
 * @example xBarSChart([[1, 2], [2, 3]]).sigma // 0.8862
 */
export function xBarSChart(groups: readonly (readonly number[])[]): SubgroupChart {
  const { A3, B3, B4, c4 } = controlConstants(sizeOf(groups));
  const deviations = groups.map((group) => {
    const center = meanOf(group);
    return Math.sqrt(group.reduce((sum, value) => sum + (value - center) ** 2, 0) / (group.length - 1));
  });
  const meanDeviation = meanOf(deviations);
  if (!Number.isFinite(meanDeviation)) throw new RangeError("groups have squares beyond a double; rescale the values");
  return {
    mean: meanLine(groups, A3 * meanDeviation),
    spread: controlLine(deviations, meanDeviation, B3 * meanDeviation, B4 * meanDeviation),
    sigma: meanDeviation / c4,
  };
}

function meanLine(groups: readonly (readonly number[])[], reach: number): ControlLine {
  const means = groups.map(meanOf);
  const center = meanOf(means);
  return controlLine(means, center, center - reach, center + reach);
}

function sizeOf(groups: readonly (readonly number[])[]): number {
  const size = groups[0]?.length ?? 0;
  if (size < 2) throw new RangeError("groups is empty or holds single values; expected subgroups of at least 2");
  groups.forEach((group, i) => {
    requirePoints(`groups[${i}]`, group, 2);
    if (group.length !== size) throw new RangeError(`groups[${i}] has ${group.length} values; expected ${size}`);
  });
  return size;
}
