/** Who holds how much of something bounded, so that one who floods it does not shut out the others. */
export interface FairShare {
  /** Whether `name` holds more than an equal part while more than half of the whole is held. */
  isOver(name: string): boolean;
  take(name: string, bytes: number): void;
  give(name: string, bytes: number): void;
}

/**
 * Below half of the bound nobody is refused; above it those who hold more than the bound divided by the number of holders.
 * @param maxBytes Bound of all together.
 */
export function createFairShare(maxBytes: number): FairShare {
  const held = new Map<string, number>();
  let sum = 0;
  return {
    isOver(name) {
      if (sum <= maxBytes / 2) return false;
      const holders = held.size + (held.has(name) ? 0 : 1);
      return (held.get(name) ?? 0) >= maxBytes / 2 / holders;
    },
    take(name, bytes) {
      held.set(name, (held.get(name) ?? 0) + bytes);
      sum += bytes;
    },
    give(name, bytes) {
      const left = (held.get(name) ?? 0) - bytes;
      if (left > 0) held.set(name, left);
      else held.delete(name);
      sum -= bytes;
    },
  };
}
