/**
 * Checks a sample of raw values.
 *
 * @param name of the argument, for the message.
 * @param values numbers; infinite ones are allowed, a test of ranks understands them.
 * @throws RangeError where the sample is empty or holds NaN.
 */
export function requireSample(name: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new RangeError(`${name} is empty; expected at least one value`);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) throw new RangeError(`${name}[${i}] is NaN; drop missing values first`);
  }
}
