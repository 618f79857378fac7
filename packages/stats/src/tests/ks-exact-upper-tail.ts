/**
 * P(D >= d) of the two-sample Kolmogorov-Smirnov statistic for continuous data, exactly.
 *
 * Each order of the union is a lattice path from (0, 0) to (nx, ny), all equally likely. The share of paths that leave the
 * band |i / nx - j / ny| < d is found cell by cell: a path through (i, j) came from (i - 1, j) with probability i / (i + j).
 * All terms are positive, so small p-values keep their digits.
 *
 * @param d statistic, in [0, 1]; taken as the nearest multiple of 1 / lcm(nx, ny).
 * @param nx rows of the first sample, at least 1.
 * @param ny rows of the second sample, at least 1.
 * @param oneSided only the side i / nx - j / ny >= d counts.
 * @returns a probability in [0, 1]. Cost: nx ny steps.
 * Source: T. Viehmann (2021), arXiv:2102.08037.
 * @example ksExactUpperTail(1, 3, 3, false) // 0.1
 */
export function ksExactUpperTail(d: number, nx: number, ny: number, oneSided: boolean): number {
  const divisor = greatestCommonDivisor(nx, ny);
  const [stepX, stepY] = [ny / divisor, nx / divisor];
  const bound = Math.round(d * nx * stepX);
  if (bound === 0) return 1;
  const left = (i: number, j: number) => {
    const gap = i * stepX - j * stepY;
    return (oneSided ? gap : Math.abs(gap)) >= bound;
  };
  const outside = new Float64Array(ny + 1);
  for (let i = 0; i <= nx; i++) {
    for (let j = 0; j <= ny; j++) {
      if (left(i, j)) outside[j] = 1;
      else if (i + j === 0) outside[j] = 0;
      else outside[j] = (i * outside[j]! + (j === 0 ? 0 : j * outside[j - 1]!)) / (i + j);
    }
  }
  return Math.min(1, outside[ny]!);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
