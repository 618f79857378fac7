import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ModelBinding } from "../../src/auto/model-binding.ts";
import type { Tensor } from "../../src/auto/tensor.ts";
import { checkConfigFile } from "../../src/config/config-file.ts";
import type { ModelDescription } from "../../src/model-description.ts";
import type { ModelRegistry, WithProfile } from "../../src/record/model-registry.ts";
import type { BatchRecord, PredictionRecord } from "../../src/record/record-types.ts";
import { DropCounter } from "../../src/safety/drop-counter.ts";
import { PROFILE } from "../harness.ts";

const TIMING = { timeMs: 1, durationSeconds: 0.5 };
const distance: Tensor = { name: "distance", kind: "number", dims: [1, 1], data: [700] };
const origin: Tensor = { name: "origin", kind: "text", dims: [1, 1], data: ["ATL"] };

/** A binding whose registry only notes what it is told. */
function bind(model: object = {}) {
  const described: ModelDescription[] = [];
  const batches: BatchRecord[] = [];
  let bringProfile: WithProfile = () => assert.fail("nothing was described");
  const models = {
    describe(description: ModelDescription, withProfile: WithProfile) {
      described.push(description);
      bringProfile = (profile) => {
        described.push(withProfile(profile));
        return description;
      };
      return {
        record: ({ inputs }: PredictionRecord) => void batches.push({ inputs: [inputs] }),
        recordBatch: (batch: BatchRecord) => void batches.push(batch),
      };
    },
  } as unknown as ModelRegistry;
  const problems: string[] = [];
  const [config = null] = checkConfigFile({ models: [model] }, ".", problems).models ?? [];
  assert.deepEqual(problems, []);
  const ref = { library: "onnxruntime", name: "flights", version: "1" } as const;
  const binding = new ModelBinding(ref, { models, drops: new DropCounter(), config, profile: undefined });
  return { binding, described, batches, bringProfile: () => void bringProfile(PROFILE) };
}

describe("ModelBinding", () => {
  it("describes a model by its first answered call, and reads texts once a profile knows them", () => {
    const { binding, described, batches, bringProfile } = bind();
    binding.record({ inputs: [distance, origin], outputs: [] }, TIMING);
    assert.deepEqual(described[0]?.features, { distance: "numeric", "origin.length": "numeric" });
    bringProfile();
    assert.deepEqual([described[1]?.profile, described[1]?.features], [PROFILE, undefined]);
    binding.record({ inputs: [distance, origin], outputs: [] }, TIMING);
    assert.deepEqual(
      batches.map(({ inputs }) => inputs),
      [[{ distance: 700, "origin.length": 3 }], [{ distance: 700, origin: "ATL" }]],
    );
  });

  it("describes a model that only fails by the call that gave most, when points are collected", () => {
    const { binding, described, batches } = bind();
    binding.recordFailure(new RangeError("no"), [distance], TIMING);
    binding.recordFailure(new RangeError("no"), [distance, origin], TIMING);
    binding.recordFailure(new TypeError("no"), [], TIMING);
    assert.deepEqual([described, batches], [[], []]);
    binding.releaseWaiting();
    assert.deepEqual(described[0]?.features, { distance: "numeric", "origin.length": "numeric" });
    assert.deepEqual(
      batches.map(({ error, inputs }) => [(error as Error).name, inputs.length]),
      [
        ["RangeError", 1],
        ["RangeError", 1],
        ["TypeError", 1],
      ],
    );
    binding.releaseWaiting();
    binding.recordFailure(new TypeError("no"), [distance], TIMING);
    assert.deepEqual([described.length, batches.length], [1, 4]);
  });

  it("does not keep failures without end", () => {
    const { binding, batches } = bind();
    for (let call = 0; call < 30; call++) binding.recordFailure("no", [distance], TIMING);
    assert.equal(batches.length, 30);
  });

  it("gives rows of numbers where the one tensor holds just the features, and by name once a profile orders them else", () => {
    const { binding, batches, bringProfile } = bind({ inputs: { x: ["distance", "age"] } });
    const x: Tensor = { name: "x", kind: "number", dims: [1, 2], data: Float32Array.of(700, 30) };
    binding.record({ inputs: [x], outputs: [] }, TIMING);
    bringProfile();
    binding.record({ inputs: [x], outputs: [] }, TIMING);
    assert.deepEqual(
      batches.map(({ inputs }) => inputs),
      [[x.data], [{ distance: 700, age: 30 }]],
    );
  });

  it("counts by the segments of the configuration, whose names are categories then", () => {
    const { binding, described } = bind({ segments: ["origin"], codes: { plan: ["a", "b"] }, role: "shadow" });
    binding.record({ inputs: [distance, origin], outputs: [] }, TIMING);
    const [{ segments, features, codes, role }] = described as [ModelDescription];
    assert.deepEqual(
      [segments, features, codes, role],
      [["origin"], { distance: "numeric", origin: "categorical" }, { plan: ["a", "b"] }, "shadow"],
    );
  });
});
