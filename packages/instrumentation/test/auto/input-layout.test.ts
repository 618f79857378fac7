import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planInputs } from "../../src/auto/input-layout.ts";
import type { Tensor } from "../../src/auto/tensor.ts";

const numbers = (name: string, dims: number[], ...data: number[]): Tensor => ({ name, kind: "number", dims, data });
const texts = (name: string, dims: number[], ...data: unknown[]): Tensor => ({ name, kind: "text", dims, data });

const never = (problem: string) => assert.fail(problem);

function rowsOf(tensors: Tensor[], inputs: Parameters<typeof planInputs>[1] = null, categorical: string[] = []) {
  const layout = planInputs(tensors, inputs, new Set(categorical));
  return { features: layout.features, rows: layout.toRows(tensors, false, never) };
}

describe("planInputs", () => {
  it("makes a feature of each column of a narrow tensor", () => {
    const { features, rows } = rowsOf([numbers("x", [2, 2], 1, 2, 3, 4), numbers("age", [2, 1], 30, 40)]);
    assert.deepEqual(features, { "x.0": "numeric", "x.1": "numeric", age: "numeric" });
    assert.deepEqual(rows, [
      { "x.0": 1, "x.1": 2, age: 30 },
      { "x.0": 3, "x.1": 4, age: 40 },
    ]);
  });

  it("names columns as configured and leaves out what is to be ignored", () => {
    const inputs = { x: ["hour", null, "distance"], extra: "ignore" } as const;
    const { features, rows } = rowsOf([numbers("x", [1, 3], 7, 8, 9), numbers("extra", [1, 1], 5)], { inputs });
    assert.deepEqual([features, rows], [{ hour: "numeric", distance: "numeric" }, [{ hour: 7, distance: 9 }]]);
  });

  it("takes a vector with several names as one row, one without as a batch", () => {
    assert.deepEqual(rowsOf([numbers("x", [2], 7, 8)], { inputs: { x: ["a", "b"] } }).rows, [{ a: 7, b: 8 }]);
    assert.deepEqual(rowsOf([numbers("x", [2], 7, 8)]).rows, [{ x: 7 }, { x: 8 }]);
    assert.deepEqual(rowsOf([numbers("x", [], 7)]).rows, [{ x: 7 }]);
  });

  it("turns BigInts into numbers and elements of a boolean tensor into booleans", () => {
    const visits: Tensor = { name: "visits", kind: "integer", dims: [1, 1], data: [5n] };
    const member: Tensor = { name: "member", kind: "boolean", dims: [1, 1], data: Uint8Array.of(1) };
    const { features, rows } = rowsOf([visits, member]);
    assert.deepEqual([features, rows], [{ visits: "numeric", member: "categorical" }, [{ visits: 5, member: true }]]);
  });

  it("says no word of a text that nobody declared categorical, only how long it is", () => {
    const { features, rows } = rowsOf([texts("email", [2, 1], "ann@x.org", null)]);
    assert.deepEqual(
      [features, rows],
      [{ "email.length": "numeric" }, [{ "email.length": 9 }, { "email.length": null }]],
    );
    assert.deepEqual(rowsOf([texts("plan", [1, 1], "basic")], null, ["plan"]).rows, [{ plan: "basic" }]);
    assert.deepEqual(rowsOf([texts("p", [1, 1], "basic")], { inputs: { p: ["plan"] } }).rows, [{ plan: "basic" }]);
  });

  it("summarizes wide and ragged tensors", () => {
    const image = numbers("image", [1, 2, 2], 1, 3, 5, 7);
    assert.deepEqual(rowsOf([image]).rows, [{ "image.mean": 4, "image.std": Math.sqrt(5) }]);
    const ids: Tensor = { name: "ids", kind: "integer", dims: [2, 3], data: [1, 2, 3, 4, 5, 6], isRagged: true };
    const { features, rows } = rowsOf([ids]);
    assert.deepEqual([features, rows], [{ "ids.length": "numeric" }, [{ "ids.length": 3 }, { "ids.length": 3 }]]);
  });

  it("leaves the features of a tensor of another shape out and says so", () => {
    const layout = planInputs([numbers("x", [1, 2], 1, 2), numbers("y", [1, 1], 3)], null, new Set());
    const problems: string[] = [];
    const rows = layout.toRows([numbers("x", [1, 3], 1, 2, 3), numbers("y", [1, 1], 4)], false, (problem) => {
      problems.push(problem);
    });
    assert.deepEqual([rows, problems], [[{ y: 4 }], ["input x has 3 values a row, expected 2"]]);
    assert.deepEqual(layout.toRows([numbers("y", [1, 1], 5)], false, never), [{ y: 5 }]);
  });

  it("gives views of the data where the columns of one tensor are the features", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const x: Tensor = { name: "x", kind: "number", dims: [2, 2], data };
    const layout = planInputs([x], { inputs: { x: ["a", "b"] } }, new Set());
    assert.deepEqual(layout.columns, ["a", "b"]);
    const rows = layout.toRows([x], true, never);
    assert.deepEqual(rows, [Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    assert.ok(rows.every((row) => (row as Float32Array).buffer === data.buffer));
    const one: Tensor = { ...x, dims: [1, 2], data: Float32Array.of(1, 2) };
    assert.equal(layout.toRows([one], true, never)[0], one.data);
    // Numbers that come as a list, or in another shape, go by name or not at all.
    assert.deepEqual(layout.toRows([{ ...one, data: [1, 2] }], true, never), [{ a: 1, b: 2 }]);
    const problems: string[] = [];
    layout.toRows([{ ...x, dims: [1, 4] }], true, (problem) => problems.push(problem));
    assert.deepEqual(problems, ["input x has 4 values a row, expected 2"]);
    assert.equal(planInputs([x], { inputs: { x: ["a", null] } }, new Set()).columns, null);
  });
});
