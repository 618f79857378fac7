/** Members of the Cressie-Read family: lambda = 1, 0, -1/2 and 2/3. */
export type DivergenceKind = "pearson" | "log-likelihood" | "freeman-tukey" | "cressie-read";

const TERMS: Readonly<Record<DivergenceKind, (observed: number, expected: number) => number>> = {
  pearson: (o, e) => (o === e ? 0 : (o - e) ** 2 / e),
  "log-likelihood": (o, e) => (o === 0 ? 0 : 2 * o * Math.log(o / e)),
  "freeman-tukey": (o, e) => 4 * (Math.sqrt(o) - Math.sqrt(e)) ** 2,
  "cressie-read": (o, e) => (o === 0 ? 0 : 1.8 * o * ((o / e) ** (2 / 3) - 1)),
};

/**
 * Power divergence of observed from expected counts, 2 / (lambda (lambda + 1)) sum o ((o / e)^lambda - 1).
 *
 * The sums of both sides are taken to be equal. A cell expected at 0 but seen makes it infinite, except for Freeman-Tukey.
 *
 * @param observed counts of at least 0.
 * @param expected counts of at least 0, as many.
 * Source: N. Cressie, T. R. C. Read, JRSS B 46 (1984), doi:10.1111/j.2517-6161.1984.tb01318.x.
 * @example powerDivergence([8, 12], [10, 10], "pearson") // 0.8
 */
export function powerDivergence(
  observed: readonly number[],
  expected: readonly number[],
  kind: DivergenceKind,
): number {
  return observed.reduce((sum, count, i) => sum + TERMS[kind](count, expected[i]!), 0);
}
