import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AttributeDefinition,
  attributes,
  errors,
  events,
  type MetricDefinition,
  metrics,
  prometheusName,
} from "../src/index.ts";

const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;

test("names are lowercase, dotted and unique", () => {
  for (const table of [attributes, metrics, events]) {
    const names = Object.values<{ name: string }>(table).map((definition) => definition.name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, NAME);
  }
});

test("no metric name carries its unit or _total", () => {
  for (const { name } of Object.values<MetricDefinition>(metrics))
    assert.doesNotMatch(name, /(_total|_seconds|_bytes|_ms|_ratio\b(?<!error_ratio))$/);
});

test("units are UCUM, never an annotated one", () => {
  for (const { name, unit } of Object.values<MetricDefinition>(metrics))
    assert.match(unit, /^(1|s|By|\{[a-z_]+\}(\/s)?)$/, name);
});

test("every name says what it means in one sentence", () => {
  const definitions = [
    ...Object.values<AttributeDefinition>(attributes),
    ...Object.values<MetricDefinition>(metrics),
    ...Object.values(events),
  ];
  for (const { name, meaning } of definitions) assert.match(meaning, /^[A-Z0-9].*\.$/, name);
});

test("error codes are unique and tell what to do", () => {
  const codes = Object.values(errors).map((error) => error.code);
  assert.equal(new Set(codes).size, codes.length);
  for (const { code, fix } of Object.values(errors)) {
    assert.match(code, /^TIDEMARK_[A-Z_]+$/);
    assert.ok(fix.length > 10, code);
  }
});

test("metrics have the names that Prometheus gives them", () => {
  const rows: [MetricDefinition["name"], MetricDefinition["instrument"], string, string][] = [
    ["ml.drift.severity", "gauge", "1", "ml_drift_severity_ratio"],
    ["ml.drift.psi", "gauge", "{score}", "ml_drift_psi"],
    ["ml.monitor.status", "updowncounter", "1", "ml_monitor_status"],
    ["ml.inference.duration", "histogram", "s", "ml_inference_duration_seconds"],
    ["process.memory.usage", "updowncounter", "By", "process_memory_usage_bytes"],
    ["tidemark.ingest.records", "counter", "{record}", "tidemark_ingest_records_total"],
    ["ml.service.throughput", "gauge", "{prediction}/s", "ml_service_throughput_per_second"],
    ["process.cpu.time", "counter", "s", "process_cpu_time_seconds_total"],
  ];
  for (const [name, instrument, unit, want] of rows) assert.equal(prometheusName({ name, instrument, unit }), want);
});
