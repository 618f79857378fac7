import type { OutcomeFacts } from "@tidemark/signals";

/** Median, 90 % and 99 % quantile (linear between order statistics) of delays in microseconds, in seconds; null without any. */
export function delayQuantiles(microseconds: readonly number[]): OutcomeFacts["delaySeconds"] {
  if (microseconds.length === 0) return null;
  const sorted = Float64Array.from(microseconds).sort();
  const at = (probability: number) => {
    const place = probability * (sorted.length - 1);
    const low = Math.floor(place);
    const below = sorted[low]!;
    const above = sorted[Math.min(low + 1, sorted.length - 1)]!;
    return (below + (place - low) * (above - below)) / 1e6;
  };
  return { median: at(0.5), p90: at(0.9), p99: at(0.99) };
}
