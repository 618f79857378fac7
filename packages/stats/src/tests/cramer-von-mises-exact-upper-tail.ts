/**
 * P(U >= u) of the two-sample Cramér-von Mises statistic for continuous data, by counting all lattice paths by their value.
 *
 * @param u the statistic U of cramerVonMisesTest.
 * @param nx rows of the first sample; both up to about 20, since the number of values grows with lcm(nx, ny)^2.
 * @param ny rows of the second sample.
 * Source: Y. Xiao, A. Gordon, A. Yakovlev, Journal of Statistical Software 17(8) (2006), doi:10.18637/jss.v017.i08.
 */
export function cramerVonMisesExactUpperTail(u: number, nx: number, ny: number): number {
  const lcm = leastCommonMultiple(nx, ny);
  const [stepX, stepY] = [lcm / nx, lcm / ny];
  const pairs = nx * ny;
  const bound = Math.floor((lcm ** 2 * (nx + ny) * (6 * u - pairs * (4 * pairs - 1))) / (6 * pairs ** 2));
  let column: Map<number, number>[] = Array.from({ length: nx + 1 }, () => new Map());
  column[0] = new Map([[0, 1]]);
  for (let j = 0; j <= ny; j++) {
    let below = new Map<number, number>();
    column = column.map((left, i) => {
      const gap = (stepX * i - stepY * j) ** 2;
      below = shifted(below, left, gap);
      return below;
    });
  }
  let all = 0;
  let beyond = 0;
  for (const [value, paths] of column[nx]!) {
    all += paths;
    if (value >= bound) beyond += paths;
  }
  return beyond / all;
}

function shifted(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>, by: number): Map<number, number> {
  const sum = new Map<number, number>();
  for (const paths of [a, b]) {
    for (const [value, count] of paths) sum.set(value + by, (sum.get(value + by) ?? 0) + count);
  }
  return sum;
}

function leastCommonMultiple(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return (a * b) / large;
}
