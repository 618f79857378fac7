import assert from "node:assert/strict";
import { test } from "node:test";
import { metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";

test("metrics are named in Prometheus as its OTLP receiver names them", () => {
  const f = (definition: Parameters<typeof prometheusName>[0], want: string) =>
    assert.equal(prometheusName(definition), want);
  f(metrics.inferenceDuration, "ml_inference_duration_seconds");
  f(metrics.inferencePredictions, "ml_inference_predictions_total");
  f(metrics.predictionScore, "ml_prediction_score");
  f(metrics.driftSeverity, "ml_drift_severity_ratio");
  f(metrics.driftPsi, "ml_drift_psi");
  f(metrics.monitorStatus, "ml_monitor_status");
  f(metrics.windowBinShare, "ml_window_bin_share_ratio");
  f(metrics.serviceErrorRatio, "ml_service_error_ratio");
  f(metrics.serviceThroughput, "ml_service_throughput_per_second");
  f(metrics.processMemoryUsage, "process_memory_usage_bytes");
  f(metrics.ingestRecords, "tidemark_ingest_records_total");
  f({ name: "job.seconds", unit: "s", instrument: "gauge" }, "job_seconds");
});

test("no two metrics share a Prometheus name", () => {
  const names = Object.values(metrics).map(prometheusName);
  assert.equal(new Set(names).size, names.length);
});

test("attribute keys become labels", () => {
  assert.equal(prometheusLabel("ml.model.name"), "ml_model_name");
});
