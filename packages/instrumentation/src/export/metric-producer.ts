import { SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import { type CollectionResult, emptyResource, type MetricProducer } from "./metric-data.ts";
import type { MetricPoints } from "./metric-points.ts";

/** A producer for the host's metric reader. An exception of ours becomes an entry of `errors`, never a rejection. */
export function createMetricProducer(takePoints: () => MetricPoints): MetricProducer {
  return {
    async collect(): Promise<CollectionResult> {
      const result: CollectionResult = { resourceMetrics: { resource: emptyResource(), scopeMetrics: [] }, errors: [] };
      try {
        const metrics = takePoints().toMetricData();
        const scope = { name: SCOPE_NAME, schemaUrl: SCHEMA_URL };
        if (metrics.length > 0) result.resourceMetrics.scopeMetrics.push({ scope, metrics });
      } catch (error) {
        result.errors.push(error);
      }
      return result;
    },
  };
}
