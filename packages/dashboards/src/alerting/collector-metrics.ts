/**
 * The Collector's own metrics that rules and panels read, under the names that v0.158 gives them in Prometheus format:
 * without `_total`, unless a reader asks for it.
 */
export const collectorMetrics = {
  queueSize: "otelcol_exporter_queue_size",
  queueCapacity: "otelcol_exporter_queue_capacity",
  accepted: {
    logs: "otelcol_receiver_accepted_log_records",
    metrics: "otelcol_receiver_accepted_metric_points",
    spans: "otelcol_receiver_accepted_spans",
  },
  sent: {
    logs: "otelcol_exporter_sent_log_records",
    metrics: "otelcol_exporter_sent_metric_points",
    spans: "otelcol_exporter_sent_spans",
  },
  sendFailed: {
    logs: "otelcol_exporter_send_failed_log_records",
    metrics: "otelcol_exporter_send_failed_metric_points",
    spans: "otelcol_exporter_send_failed_spans",
  },
  enqueueFailed: {
    logs: "otelcol_exporter_enqueue_failed_log_records",
    metrics: "otelcol_exporter_enqueue_failed_metric_points",
    spans: "otelcol_exporter_enqueue_failed_spans",
  },
} as const;
