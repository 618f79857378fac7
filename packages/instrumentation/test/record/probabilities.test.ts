import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { Prediction } from "../../src/record/record-types.ts";
import { createHarness, type Point } from "../harness.ts";

const MODEL = { name: "animals", version: "1", features: { size: "numeric" } } as const;
const PROBABILITIES = { cat: 0.2, dog: 0.7, bird: 0.1 };

const pick = (attributes: Readonly<Record<string, unknown>>) =>
  ["label", "score", "probabilities"].map((name) => attributes[`ml.prediction.${name}`]);

const droppedOf = (points: readonly Point[]) =>
  points
    .filter(({ metric }) => metric === "tidemark.instrumentation.dropped")
    .map(({ attributes, value }) => [attributes["tidemark.drop.reason"], value]);

describe("probabilities of classes", () => {
  it("travel on the event, and the most probable class is the label, its probability the score", () => {
    const { tidemark, events } = createHarness();
    const model = tidemark.describeModel(MODEL);
    const inputs = { size: 3 };
    const reused = { ...PROBABILITIES };
    model.record({ inputs, probabilities: reused });
    reused.cat = 9;
    model.record({ inputs, probabilities: PROBABILITIES, label: "bird" });
    model.record({ inputs, probabilities: PROBABILITIES, score: 0.5 });
    model.record({ inputs, probabilities: { no: 0.9, yes: 0.1 } });
    model.recordBatch({ inputs: [inputs, inputs], probabilities: [PROBABILITIES, null], labels: [null, "cat"] });
    model.predict(
      inputs,
      () => PROBABILITIES,
      (probabilities) => ({ probabilities }),
    );
    assert.deepEqual(
      events().map(({ attributes }) => pick(attributes)),
      [
        ["dog", 0.7, PROBABILITIES],
        ["bird", 0.1, PROBABILITIES],
        ["dog", 0.5, PROBABILITIES],
        // Of two classes the score is that of the positive one, which the service alone knows.
        ["no", undefined, { no: 0.9, yes: 0.1 }],
        ["dog", 0.7, PROBABILITIES],
        ["cat", undefined, undefined],
        ["dog", 0.7, PROBABILITIES],
      ],
    );
  });

  it("given by a function are asked for once there is an event, or nothing else says the class and its score", () => {
    const { tidemark, events } = createHarness();
    const [sampled, unsampled] = [{ ...MODEL }, { ...MODEL, name: "plants", events: false as const }];
    let calls = 0;
    const probabilities = () => {
      calls++;
      return PROBABILITIES;
    };
    const whole = { inputs: { size: 3 }, label: "dog", score: 0.7, probabilities };
    tidemark.describeModel(unsampled).record(whole);
    assert.equal(calls, 0);
    const model = tidemark.describeModel(sampled);
    model.record(whole);
    model.recordBatch({ inputs: [{ size: 3 }], labels: ["dog"], scores: [0.7], probabilities: [probabilities] });
    model.record({ inputs: { size: 3 }, probabilities });
    model.record({ ...whole, probabilities: () => ["cat"] as unknown as Record<string, number> });
    assert.equal(calls, 3);
    assert.deepEqual(
      events().map(({ attributes }) => pick(attributes)),
      [
        ["dog", 0.7, PROBABILITIES],
        ["dog", 0.7, PROBABILITIES],
        ["dog", 0.7, PROBABILITIES],
        ["dog", 0.7, undefined],
      ],
    );
  });

  it("count as the label and score that they stand for, also without an event", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel({ ...MODEL, events: false });
    model.count({ inputs: { size: 1 }, probabilities: PROBABILITIES });
    const counted = (await points()).filter(({ attributes }) => Object.values(attributes).includes("dog"));
    assert.deepEqual(
      counted.map(({ value }) => value),
      [1],
    );
  });

  it("that cannot be read are counted and left out, and the prediction stays; a wrong sum is sent, for the processor to count", async () => {
    const { tidemark, events, points } = createHarness();
    const model = tidemark.describeModel(MODEL);
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`class ${i}`, 1 / 101]));
    const wrong: unknown[] = [[0.5, 0.5], "cat", {}, { cat: "0.5" }, { cat: Number.NaN, dog: 1 }, many];
    for (const probabilities of wrong) {
      model.record({ inputs: { size: 1 }, label: "cat", probabilities: probabilities as Prediction["probabilities"] });
    }
    model.record({ inputs: { size: 1 }, probabilities: { cat: 0.9, dog: 0.9, bird: 0 } });
    const sent = events().map(({ attributes }) => pick(attributes));
    assert.deepEqual(sent, [
      ...wrong.map(() => ["cat", undefined, undefined]),
      ["cat", 0.9, { cat: 0.9, dog: 0.9, bird: 0 }],
    ]);
    assert.deepEqual(droppedOf(await points()), [["invalid_field", wrong.length]]);
  });
});
