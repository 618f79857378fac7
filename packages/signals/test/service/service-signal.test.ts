import assert from "node:assert/strict";
import { test } from "node:test";
import { attr } from "@tidemark/semconv";
import { type Finding, type ServiceCounts, signals } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const service = signals.find((signal) => signal.name === "service")!;
const profile = profileOf(drawRows(41, 500));
const calm: ServiceCounts = {
  durationBoundaries: [0.1, 0.2, 0.4],
  durationCounts: [50, 40, 8, 2],
  succeeded: 1_000,
  failed: [],
  cpuSeconds: 302_400,
  maxMemoryBytes: 1e8,
};

function judge(counts: Partial<ServiceCounts>, model: Record<string, unknown> = {}): Finding[] {
  return service.judge(aggregateOf([], profile, { service: { ...calm, ...counts } }), contextOf(profile, model));
}

function latency(findings: readonly Finding[], probability: string): Finding {
  return findings.find((finding) => finding.attributes[attr.quantile] === probability)!;
}

function named(findings: readonly Finding[], name: string): Finding {
  return findings.find((finding) => finding.target.name === name)!;
}

test("latency quantiles lie in their bucket, whose edges are the bounds", () => {
  const findings = judge({});
  const f = (probability: string, want: [number, number, number | null]) => {
    const { value, lower, upper } = latency(findings, probability);
    assert.ok(Math.abs(value! - want[0]) < 1e-12, `${probability}: ${value}`);
    assert.deepEqual([lower, upper], want.slice(1));
  };
  f("0.5", [0.1, 0, 0.1]);
  f("0.95", [0.325, 0.2, 0.4]);
  f("0.99", [0.4, 0.4, null]);
});

test("the 95 % quantile has a verdict only where its level is configured", () => {
  const f = (latencyP95: Record<string, number> | undefined, want: Finding["state"]) => {
    const model = latencyP95 === undefined ? {} : { service: { latencyP95 } };
    assert.equal(latency(judge({}, model), "0.95").state, want);
  };
  f(undefined, null);
  f({ warning: 0.5 }, "ok");
  f({ warning: 0.3 }, "warning");
  f({ warning: 0.2, critical: 0.3 }, "critical");
});

test("the error ratio warns by its value and is critical by its whole interval", () => {
  const f = (succeeded: number, failed: number, want: Finding["state"]) =>
    assert.equal(named(judge({ succeeded, failed: [{ type: "timeout", count: failed }] }), "error_ratio").state, want);
  f(1_000, 0, "ok");
  f(1_000, 9, "ok");
  f(980, 20, "warning");
  f(940, 60, "warning");
  f(900, 100, "critical");
  f(30, 10, "insufficient_data");
});

test("availability, throughput, CPU and memory describe the window", () => {
  const findings = judge({ succeeded: 990, failed: [{ type: "timeout", count: 10 }] });
  assert.equal(named(findings, "availability").value, 0.99);
  assert.equal(named(findings, "throughput").value, 1_000 / 604_800);
  assert.equal(named(findings, "cpu").value, 0.5);
  assert.equal(named(findings, "memory").value, 1e8);
  assert.equal(named(findings, "error_ratio").evidence.numbers["timeout"], 10);
});

test("a service that says nothing of itself is not judged", () => {
  assert.deepEqual(service.judge(aggregateOf([], profile), contextOf(profile)), []);
  assert.deepEqual(
    judge({ durationCounts: [0, 0, 0, 0], succeeded: 0, cpuSeconds: null, maxMemoryBytes: null }).map(
      (finding) => finding.target.name,
    ),
    ["throughput"],
  );
});
