import assert from "node:assert/strict";
import { test } from "node:test";
import type { Probe } from "../../src/alerting/alert-definition.ts";
import { type Phase, seriesValues } from "../../src/alerting/series-values.ts";

const phases: readonly Phase[] = [
  { state: "good", minutes: 4 },
  { state: "bad", minutes: 4 },
];

const rows: readonly (readonly [Omit<Probe, "series">, number, string])[] = [
  [{ kind: "gauge", good: 0, bad: 1 }, 1, "0x3 1x3"],
  [{ kind: "gauge", good: null, bad: 1 }, 1, "_x4 1x3"],
  [{ kind: "counter", good: 2, bad: 5 }, 1, "0+2x3 11+5x3"],
  [{ kind: "counter", good: 2, bad: 5 }, 2, "0+4x1 14+10x1"],
  [{ kind: "counter", good: 0, bad: 1, start: 100 }, 1, "100+0x3 101+1x3"],
];

for (const [probe, stepMinutes, want] of rows) {
  test(`a ${probe.kind} of ${probe.good}, then ${probe.bad}, every ${stepMinutes} min: ${want}`, () => {
    assert.equal(seriesValues({ series: "x", ...probe }, phases, stepMinutes), want);
  });
}
