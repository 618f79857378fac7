import type { MetricPoint } from "@tidemark/schema";
import type { DecodeContext, OtlpEncoding } from "./decode-context.ts";
import { readJsonMetrics } from "./json/json-metrics.ts";
import { knownMetrics } from "./points/known-metrics.ts";
import type { PointSink } from "./points/point-draft.ts";
import { readPoint } from "./points/read-point.ts";
import { ResourcePoints } from "./points/resource-points.ts";
import { SeriesHasher } from "./points/series-hash.ts";
import { redactPoint } from "./records/redact.ts";
import { type Rejection, RejectionCounter } from "./records/rejections.ts";
import { readWireMetrics } from "./wire/wire-metrics.ts";

/** DataPointFlags.NO_RECORDED_VALUE_MASK. */
const NO_RECORDED_VALUE = 1;

export interface DecodedMetrics {
  readonly points: MetricPoint[];
  /** What the resources say of where and as what each model version of `points` ran, as points of `target_info`. */
  readonly resources: MetricPoint[];
  /** Points of known metrics that could not be taken, by reason; the rest of the batch stands. */
  readonly rejections: Rejection[];
  /** Points of metrics that are not ours, and points that say that nothing was recorded. */
  readonly ignored: number;
}

/**
 * The points of an OTLP metrics request (ExportMetricsServiceRequest), in the order of the request: sums, gauges and
 * explicit histograms of the metrics that semconv says a monitored service sends.
 * Throws OtlpDecodeError where the request as a whole is not OTLP.
 */
export function decodeMetrics(body: Uint8Array, encoding: OtlpEncoding, context: DecodeContext): DecodedMetrics {
  const points: MetricPoint[] = [];
  const rejections = new RejectionCounter();
  const hasher = new SeriesHasher();
  const resources = new ResourcePoints();
  let place = -1;
  let ignored = 0;
  const sink: PointSink = {
    isWanted: (metricName) => knownMetrics.has(metricName),
    onIgnored: (count) => {
      ignored += count;
    },
    onPoint: (metric, draft) => {
      place++;
      if ((draft.flags & NO_RECORDED_VALUE) !== 0) {
        ignored++;
        return;
      }
      const point = readPoint(metric, draft, context, hasher);
      if ("reason" in point) {
        rejections.add(point, place);
        context.onRejected?.(point, () => redactPoint(metric, draft));
      } else {
        points.push(point);
        resources.note(metric, draft, point, hasher);
      }
    },
  };
  if (encoding === "protobuf") readWireMetrics(body, sink);
  else readJsonMetrics(body, sink);
  return { points, resources: resources.points, rejections: rejections.toList(), ignored };
}
