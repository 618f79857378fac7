import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { captureDiag, createHarness, type Point } from "../harness.ts";

const MODEL = {
  name: "search",
  version: "1",
  features: { age: "numeric", text: "vector" },
  events: { inputs: { age: "keep", text: "keep" } },
} as const;

const statesOf = (points: readonly Point[], feature: string) =>
  Object.fromEntries(
    points
      .filter(({ metric, attributes }) => metric === "ml.feature.values" && attributes["ml.feature.name"] === feature)
      .map(({ attributes, value }) => [attributes["ml.feature.value.state"], value]),
  );

describe("vector features", () => {
  it("travel on events as plain numbers, from any kind of array, and are copied", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel(MODEL);
    const reused = Float32Array.of(0.5, 2);
    model.record({ inputs: { age: 3, text: reused } });
    reused.fill(9);
    model.record({ inputs: { age: 3, text: Float64Array.of(0.1) } });
    model.recordBatch({ inputs: [{ text: [1, 2, 3] }, { text: null }] });
    const sent = events().map(({ attributes }) => attributes["ml.inference.inputs"]);
    assert.deepEqual(sent, [{ age: 3, text: [0.5, 2] }, { age: 3, text: [0.1] }, { text: [1, 2, 3] }, {}]);
  });

  it("count by state, and never by element", async () => {
    const { tidemark, points } = createHarness();
    const profile = {
      id: "sha256:p",
      model: { name: "search" },
      fields: [],
      embeddings: [{ name: "text", dimension: 2 }],
    };
    const { features: _, ...described } = MODEL;
    const model = tidemark.describeModel({ ...described, profile });
    const given = [[1, 2], Float32Array.of(1, 2), [1, 2, 3], [], "text", 7, { 0: 1 }, ["a", "b"], null, undefined];
    for (const text of given) model.count({ inputs: { text } });
    model.count({ inputs: {} });
    const counted = await points();
    assert.deepEqual(statesOf(counted, "text"), { valid: 2, missing: 3, type_mismatch: 6 });
    const ofText = counted.filter(({ attributes }) => attributes["ml.feature.name"] === "text");
    assert.equal(ofText.length, 3);
  });

  it("that are no vectors leave the rest of the event as it is; an element that is no finite number is sent as null", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel(MODEL);
    const throwing = new Proxy([1, 2], {
      get(target, key) {
        if (key === "1") throw new Error("injected");
        return Reflect.get(target, key);
      },
    });
    const given: unknown[] = [[], new Array(4_097).fill(1), "text", [1, "a", null], [Number.NaN, 2, 1e300], throwing];
    for (const text of given) model.record({ inputs: { age: 3, text } });
    const sent = events().map(({ attributes }) => attributes["ml.inference.inputs"]);
    const age = { age: 3 };
    const gaps = { ...age, text: [1, null, null] };
    assert.deepEqual(sent, [age, age, age, gaps, { ...age, text: [null, 2, null] }, age]);
  });

  it("leave only where they are named, as texts can be read from them", () => {
    const sentUnder = (inputs: "all" | "none" | Record<string, "keep" | "drop" | "hash" | "bucket">) => {
      const { tidemark, events } = createHarness();
      const warnings = captureDiag(() => {
        const model = tidemark.describeModel({ ...MODEL, events: { inputs } });
        model.record({ inputs: { age: 3, text: [1, 2] } });
      });
      const [event] = events();
      return [event!.attributes["ml.inference.inputs"], warnings.join()] as const;
    };
    assert.deepEqual(sentUnder({ text: "keep" }), [{ text: [1, 2] }, ""]);
    assert.deepEqual(sentUnder({ age: "keep" }), [{ age: 3 }, ""]);
    assert.deepEqual(sentUnder({ age: "keep", text: "drop" }), [{ age: 3 }, ""]);
    const [all, why] = sentUnder("all");
    assert.deepEqual(all, { age: 3 });
    assert.match(why, /feature text is not sent: an embedding can be turned back into its text/);
    for (const policy of ["hash", "bucket"] as const) {
      const [sent, warning] = sentUnder({ age: "keep", text: policy });
      assert.deepEqual(sent, { age: 3 });
      assert.match(
        warning,
        new RegExp(`feature text is not sent: its policy is ${policy}; a vector takes keep or drop`),
      );
    }
  });

  it("beyond eight are not sent, with a warning", () => {
    const { tidemark, events } = createHarness();
    const names = Array.from({ length: 9 }, (_, index) => `v${index}`);
    const warnings = captureDiag(() => {
      const features = Object.fromEntries(names.map((name) => [name, "vector" as const]));
      const inputs = Object.fromEntries(names.map((name) => [name, "keep" as const]));
      const model = tidemark.describeModel({ name: "search", version: "1", features, events: { inputs } });
      model.record({ inputs: Object.fromEntries(names.map((name) => [name, [1]])) });
    });
    assert.deepEqual(Object.keys(events()[0]!.attributes["ml.inference.inputs"] as object), names.slice(0, 8));
    assert.match(warnings.join(), /feature v8 is not sent: an event carries at most 8 vectors/);
  });

  it("are no columns of a row", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(MODEL);
    model.count({ inputs: Float64Array.of(3) });
    const counted = await points();
    assert.deepEqual(statesOf(counted, "age"), { valid: 1 });
    assert.deepEqual(statesOf(counted, "text"), { missing: 1 });
  });
});
