/**
 * A function that begins only when its calls before have ended, in the order of the calls; one that fails keeps no later one from running.
 */
export function oneAtATime<A extends unknown[], T>(work: (...given: A) => Promise<T>): (...given: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (...given) => {
    const result = last.then(() => work(...given));
    last = result.catch(() => undefined);
    return result;
  };
}
