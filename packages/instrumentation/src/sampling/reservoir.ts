/** A simple random sample of what is offered, of at most `size`: each offer is in it with the same probability. */
export interface Reservoir<T> {
  /** Whether the next offer gets in; then `put` must follow. */
  offer(): boolean;
  /** Returns what had to leave for it, if anything did. */
  put(item: T): T | undefined;
  /** The sample and the probability with which each offer is in it; begins anew. */
  take(): { readonly items: readonly T[]; readonly probability: number };
}

/**
 * Algorithm R (Waterman; Knuth, The Art of Computer Programming, vol. 2, 3.4.2): the n-th offer gets in with probability
 * size / n and takes a random place. Cost: one random number an offer.
 *
 * @param random uniform in [0, 1)
 */
export function createReservoir<T>(size: number, random: () => number): Reservoir<T> {
  let items: T[] = [];
  let offered = 0;
  let place = 0;
  return {
    offer() {
      offered++;
      place = items.length < size ? items.length : Math.floor(random() * offered);
      return place < size;
    },
    put(item) {
      const left = items[place];
      items[place] = item;
      return left;
    },
    take() {
      const taken = { items, probability: offered === 0 ? 1 : Math.min(1, size / offered) };
      items = [];
      offered = 0;
      return taken;
    },
  };
}
