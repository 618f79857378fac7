import { type ClusterMean, clusterMeanInterval } from "@tidemark/stats";
import { CLUSTERS, type EnsemblePart } from "./ensemble-sums.ts";

/** Mean of what `sumOf` gives a part, a row, with an interval over the clusters of a window; null where no row is labelled. */
export function partMean<T extends Pick<EnsemblePart, "rows">>(
  parts: readonly T[],
  sumOf: (part: T) => number,
): ClusterMean | null {
  const length = Math.max(1, parts.length / CLUSTERS);
  const clusters = Array.from({ length: Math.ceil(parts.length / length) }, (_, cluster) => {
    const own = parts.slice(cluster * length, (cluster + 1) * length);
    return {
      count: own.reduce((sum, { rows }) => sum + rows, 0),
      sum: own.reduce((sum, part) => sum + (part.rows === 0 ? 0 : sumOf(part)), 0),
    };
  });
  return clusterMeanInterval(clusters);
}
