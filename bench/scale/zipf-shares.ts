/**
 * Shares of the traffic by rank under Zipf's law: the k-th of n has a share in proportion to k^-s.
 * @param exponent s; 0 gives equal shares, 1 gives the first of 10,000 a tenth.
 */
export function zipfShares(count: number, exponent: number): Float64Array {
  const shares = Float64Array.from({ length: count }, (_, index) => (index + 1) ** -exponent);
  const sum = shares.reduce((total, each) => total + each, 0);
  return shares.map((each) => each / sum);
}
