import type { MetricPoint } from "@tidemark/schema";
import { MAX_TEXT_LENGTH } from "../records/record-fields.ts";
import type { MetricDraft, PointDraft } from "./point-draft.ts";
import type { SeriesHasher } from "./series-hash.ts";

/** Name of the points that say where and as what a model ran, as Prometheus names a resource's attributes. */
export const RESOURCE_METRIC = "target_info";

/** Attributes of the resource that are kept. */
const RESOURCE_KEYS = ["service.instance.id", "host.name", "k8s.node.name", "service.version"] as const;

/**
 * Gathers, over one request, a point a model version and attribute of its resource: `segment` is `host.name=a`, the value 1. They
 * are no points of the sender's, so they are none of those that are counted.
 */
export class ResourcePoints {
  readonly points: MetricPoint[] = [];
  private readonly seen = new WeakMap<object, Set<string>>();
  private last: { readonly resource: object; readonly point: MetricPoint } | null = null;

  note(metric: MetricDraft, draft: PointDraft, point: MetricPoint, hasher: SeriesHasher): void {
    const { resource } = metric.origin;
    if (point.model === "" || this.isAsLast(resource, point)) return;
    this.last = { resource, point };
    const keys = this.seen.get(resource) ?? new Set<string>();
    this.seen.set(resource, keys);
    const id = JSON.stringify([point.model, point.version, point.role]);
    if (keys.has(id)) return;
    keys.add(id);
    for (const key of RESOURCE_KEYS) {
      const value = resource.values.get(key);
      if (typeof value !== "string" || value === "" || value.length > MAX_TEXT_LENGTH) continue;
      const name = { ...metric, name: `${RESOURCE_METRIC} ${id} ${key}`, kind: "gauge" as const };
      this.points.push({
        ...point,
        metric: RESOURCE_METRIC,
        feature: "",
        key: "",
        segment: `${key}=${value}`,
        series: hasher.seriesOf(name, draft.attributes),
        temporality: "gauge",
        count: 0n,
        sum: 1,
        boundaries: [],
        bucketCounts: [],
      });
    }
  }

  /** The points of a model come one after the other. */
  private isAsLast(resource: object, { model, version, role }: MetricPoint): boolean {
    const { last } = this;
    return (
      last?.resource === resource &&
      last.point.model === model &&
      last.point.version === version &&
      last.point.role === role
    );
  }
}
