/** Values with weights, for their quantiles. */
export interface WeightedValues {
  add(value: number, weight: number): void;
  /** The least value that a share `probability` of the weight does not exceed; NaN without any. */
  quantile(probability: number): number;
}

export function createWeightedValues(): WeightedValues {
  /** Equal values together: most steps of a simulation are like the one before. */
  const weights = new Map<number, number>();
  return {
    add(value, weight) {
      weights.set(value, (weights.get(value) ?? 0) + weight);
    },
    quantile(probability) {
      const sorted = [...weights].sort(([a], [b]) => a - b);
      const bound = probability * sorted.reduce((sum, [, weight]) => sum + weight, 0);
      let sum = 0;
      for (const [value, weight] of sorted) {
        sum += weight;
        if (sum >= bound) return value;
      }
      return sorted.at(-1)?.[0] ?? Number.NaN;
    },
  };
}
