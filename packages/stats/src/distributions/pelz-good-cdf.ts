/** Terms of each theta series; their last is below 1e-17 of the first for every z below 3. */
const TERMS = 20;

/**
 * P(D_n <= d) by the expansion of Pelz and Good in powers of n^(-1/2), with z = sqrt(n) d:
 * K0(z) + K1(z) n^(-1/2) + K2(z) n^(-1) + K3(z) n^(-3/2). Within 1e-6 for n > 140.
 *
 * @param d in (0, 1).
 * @param n rows, above 140.
 * Source: W. Pelz and I. J. Good, JRSS B 38 (1976), doi:10.1111/j.2517-6161.1976.tb01579.x, as stated in section 3 of
 * Simard and L'Ecuyer (2011), doi:10.18637/jss.v039.i11.
 */
export function pelzGoodCdf(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6];
  const pi2 = Math.PI ** 2;
  const [pi4, pi6] = [pi2 ** 2, pi2 ** 3];
  const root = Math.sqrt(Math.PI / 2);
  const [k0, k1, k2, k3] = [0, 0, 0, 0].map(() => ({ odd: 0, even: 0 }));
  for (let k = 0; k < TERMS; k++) {
    const a = (k + 0.5) ** 2;
    const weight = Math.exp((-pi2 * a) / (2 * z2));
    k0!.odd += weight;
    k1!.odd += (pi2 * a - z2) * weight;
    k2!.odd += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * a + pi4 * (1 - 2 * z2) * a * a) * weight;
    k3!.odd +=
      (-30 * z6 -
        90 * z ** 8 +
        pi2 * (135 * z4 - 96 * z6) * a +
        pi4 * (212 * z4 - 60 * z2) * a * a +
        pi6 * (5 - 30 * z2) * a ** 3) *
      weight;
    if (k === 0) continue;
    const b = k * k;
    const evenWeight = Math.exp((-pi2 * b) / (2 * z2));
    k2!.even += pi2 * b * evenWeight;
    k3!.even += (3 * pi2 * b * z2 - pi4 * b * b) * evenWeight;
  }
  return (
    (2 * root * k0!.odd) / z +
    (root * k1!.odd) / (3 * z4 * Math.sqrt(n)) +
    ((root * k2!.odd) / (36 * z ** 7) - (root * k2!.even) / (18 * z ** 3)) / n +
    ((root * k3!.odd) / (3240 * z ** 10) + (root * k3!.even) / (108 * z6)) / n ** 1.5
  );
}
