import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { CategoryDictionary } from "../../src/aggregate/category-dictionary.ts";
import { ModelAggregate } from "../../src/aggregate/model-aggregate.ts";
import { ModelCounter } from "../../src/aggregate/model-counter.ts";
import { PredictionReader } from "../../src/aggregate/prediction-reader.ts";
import { SegmentedAggregate } from "../../src/aggregate/segmented-aggregate.ts";
import { EventEmitter } from "../../src/events/event-emitter.ts";
import { PendingRecords } from "../../src/events/pending-records.ts";
import { LiveAggregation } from "../../src/live/live-aggregation.ts";
import { DecisionBook } from "../../src/sampling/decision-book.ts";
import { RecordSampler } from "../../src/sampling/record-sampler.ts";
import { countsBy, createHarness, FLIGHTS, GOOD_INPUTS, type Harness } from "../harness.ts";

/** Methods of ours that a record, an outcome or a collection passes through. */
const WAYS: readonly (readonly [{ readonly prototype: object; readonly name: string }, readonly string[]])[] = [
  [ModelCounter, ["countPrediction", "countCall", "countFailures", "lastSegments"]],
  [PredictionReader, ["readObject", "readRow", "categoryBin"]],
  [CategoryDictionary, ["binOf", "binOfCode", "isKnown"]],
  [SegmentedAggregate, ["add", "segments"]],
  [ModelAggregate, ["add", "addCall", "addFailures"]],
  [EventEmitter, ["admit", "emitPrediction", "emitOutcome", "flush"]],
  [RecordSampler, ["decide", "followsOutcome", "note"]],
  [DecisionBook, ["note", "decisionOf"]],
  [PendingRecords, ["offer", "put", "isPending", "flush"]],
  [LiveAggregation, ["takePoints"]],
];

/** Everything a host does; returns what it got. */
async function serve({ tidemark, collect }: Harness): Promise<unknown[]> {
  const model = tidemark.describeModel({ ...FLIGHTS, segments: ["origin"] });
  const answers: unknown[] = [
    model.predict(
      GOOD_INPUTS,
      () => 42,
      () => ({ score: 0.5, label: "late" }),
    ),
    await model.predict(GOOD_INPUTS, async () => "later"),
  ];
  assert.throws(() => model.predict(GOOD_INPUTS, () => assert.fail("the model's own")), /the model's own/);
  const id = model.record({ inputs: GOOD_INPUTS, score: 0.5 });
  answers.push(typeof id, model.recordBatch({ inputs: [GOOD_INPUTS, GOOD_INPUTS] }).length <= 2);
  model.count({ inputs: Float64Array.of(700, 1) });
  model.count({ inputs: GOOD_INPUTS, error: "refused" });
  model.recordOutcome({ id, label: "late" });
  tidemark.flush();
  model.recordOutcome({ id, label: "on_time" });
  await collect();
  return answers;
}

const SAMPLING = { probability: 1, strata: [{ label: "late", probability: 1 }], reservoir: { size: 3 } } as const;

describe("an exception inside our own code", () => {
  for (const [owner, methods] of WAYS) {
    for (const method of methods) {
      it(`in ${owner.name}.${method} changes nothing that the host gets`, async (t) => {
        const wanted = await serve(createHarness({ sampling: SAMPLING }));
        const harness = createHarness({ sampling: SAMPLING });
        let calls = 0;
        const mocked = t.mock.method(owner.prototype as Record<string, () => never>, method, () => {
          calls++;
          throw new Error("injected");
        });
        assert.deepEqual(await serve(harness), wanted);
        assert.ok(calls > 0, "never called: this test tests nothing");
        mocked.mock.restore();
        const { errors } = await harness.tidemark.metricProducer.collect();
        const dropped = countsBy(await harness.points(), "tidemark.instrumentation.dropped", "tidemark.drop.reason");
        // A collection that fails says so in its own result, to the reader.
        const isCollection = method === "takePoints" || method === "segments";
        assert.ok(isCollection ? errors.length === 0 : Object.keys(dropped).length > 0, "not counted");
      });
    }
  }
});
