/** `work`, run at most once in so many milliseconds; who asks meanwhile gets what the last run gives. */
export function atMostEvery(intervalMs: number, work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let nextMs = 0;
  return () => {
    if (performance.now() >= nextMs) {
      nextMs = performance.now() + intervalMs;
      last = work();
    }
    return last;
  };
}
