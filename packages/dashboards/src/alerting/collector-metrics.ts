/**
 * The Collector's own metrics that rules and panels read, under the names of v0.158 in Prometheus format. A Collector
 * older than v0.119 leaves out `_total` (docs/backends.md says what to do).
 */
export const collectorMetrics = {
  queueSize: "otelcol_exporter_queue_size",
  queueCapacity: "otelcol_exporter_queue_capacity",
  accepted: {
    logs: "otelcol_receiver_accepted_log_records_total",
    metrics: "otelcol_receiver_accepted_metric_points_total",
    spans: "otelcol_receiver_accepted_spans_total",
  },
  sent: {
    logs: "otelcol_exporter_sent_log_records_total",
    metrics: "otelcol_exporter_sent_metric_points_total",
    spans: "otelcol_exporter_sent_spans_total",
  },
  sendFailed: {
    logs: "otelcol_exporter_send_failed_log_records_total",
    metrics: "otelcol_exporter_send_failed_metric_points_total",
    spans: "otelcol_exporter_send_failed_spans_total",
  },
  enqueueFailed: {
    logs: "otelcol_exporter_enqueue_failed_log_records_total",
    metrics: "otelcol_exporter_enqueue_failed_metric_points_total",
    spans: "otelcol_exporter_enqueue_failed_spans_total",
  },
} as const;
