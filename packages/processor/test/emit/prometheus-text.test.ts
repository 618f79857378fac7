import assert from "node:assert/strict";
import { test } from "node:test";
import { metrics } from "@tidemark/semconv";
import { prometheusText } from "../../src/emit/prometheus-text.ts";

test("names carry the unit suffixes of the OTLP translation, each family once", () => {
  const text = prometheusText([
    { metric: metrics.driftSeverity, attributes: { "ml.feature.name": "b" }, value: 0.5 },
    { metric: metrics.ingestRecords, attributes: { "tidemark.ingest.result": "accepted" }, value: 12 },
    { metric: metrics.driftSeverity, attributes: { "ml.feature.name": "a" }, value: 1 },
  ]);
  assert.equal(
    text,
    [
      `# HELP ml_drift_severity_ratio ${metrics.driftSeverity.meaning}`,
      "# TYPE ml_drift_severity_ratio gauge",
      'ml_drift_severity_ratio{ml_feature_name="a"} 1',
      'ml_drift_severity_ratio{ml_feature_name="b"} 0.5',
      `# HELP tidemark_ingest_records_total ${metrics.ingestRecords.meaning}`,
      "# TYPE tidemark_ingest_records_total counter",
      'tidemark_ingest_records_total{tidemark_ingest_result="accepted"} 12',
      "",
    ].join("\n"),
  );
});

test("label values are escaped, empty ones left out, and names made valid", () => {
  const attributes = { "ml.feature.name": 'a"b\\c\nd', "0x": "y", empty: "" };
  const text = prometheusText([{ metric: metrics.driftPsi, attributes, value: Number.POSITIVE_INFINITY }]);
  assert.ok(text.endsWith('ml_drift_psi{key_0x="y",ml_feature_name="a\\"b\\\\c\\nd"} +Inf\n'), text);
});

test("no point is no text", () => {
  assert.equal(prometheusText([]), "");
});
