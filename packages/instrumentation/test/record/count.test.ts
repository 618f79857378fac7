import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { captureDiag, countsBy, createHarness, FLIGHTS, GOOD_INPUTS, pointValue, statesOf } from "../harness.ts";

describe("count", () => {
  it("counts what record counts, without event and span", async () => {
    const counted = createHarness();
    const recorded = createHarness();
    const predictions = [
      { inputs: GOOD_INPUTS, score: 0.9, label: "late", durationSeconds: 0.002 },
      { inputs: { distance: null, origin: "XXX" }, score: 0.1 },
      { inputs: Float64Array.of(9_000, 3), label: "on_time" },
      { inputs: GOOD_INPUTS, error: new TypeError("no") },
    ];
    for (const prediction of predictions) {
      counted.tidemark.describeModel(FLIGHTS).count(prediction);
      recorded.tidemark.describeModel(FLIGHTS).record(prediction);
    }
    const comparable = async ({ points }: typeof counted) =>
      (await points())
        .filter(({ metric }) => metric.startsWith("ml."))
        .map(({ metric, attributes, value }) => ({ metric, attributes, value }));
    assert.deepEqual(await comparable(counted), await comparable(recorded));
    assert.deepEqual([counted.events().length, counted.spans.getFinishedSpans().length], [0, 0]);
  });

  it("counts under replay in the look of its event time", async () => {
    const { tidemark, points } = createHarness({ replay: true });
    const model = tidemark.describeModel(FLIGHTS);
    model.count({ inputs: GOOD_INPUTS, timeMs: 3_600_000 });
    model.count({ inputs: GOOD_INPUTS, timeMs: 7_200_000 });
    tidemark.advanceTo(7_200_000);
    assert.equal(pointValue(await points(), "ml.inference.predictions"), 1);
  });

  it("never throws, and says once what was wrong", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(FLIGHTS);
    const hostile = [
      null,
      undefined,
      1,
      "x",
      {},
      { inputs: new BigInt64Array(2) },
      { inputs: new DataView(new ArrayBuffer(8)) },
    ];
    const messages = captureDiag(() => {
      for (let time = 0; time < 3; time++) for (const prediction of hostile) model.count(prediction as never);
    });
    assert.equal(messages.length, 2);
    const dropped = countsBy(await points(), "tidemark.instrumentation.dropped", "tidemark.drop.reason");
    assert.deepEqual(dropped, { internal_error: 6, invalid_field: 15 });
  });
});

describe("segments", () => {
  const SEGMENTED = { ...FLIGHTS, ignoredInputs: ["region"], segments: ["origin", "region", "tier"] };
  const segmentOf = (value: string) => ({ "ml.segment.value": value });

  it("are counted on their own beside the total: a feature, an input, and what the record says", async () => {
    const { tidemark, points } = createHarness();
    const model = tidemark.describeModel(SEGMENTED);
    model.record({ inputs: { ...GOOD_INPUTS, region: "west" }, segments: { tier: "gold" }, score: 0.3 });
    model.record({ inputs: { distance: 50, origin: "LAX" }, score: 0.6 });
    model.count({ inputs: Float64Array.of(50, 1), segments: { origin: "LAX" } });
    const collected = await points();
    const bySegment = collected
      .filter(({ metric, attributes }) => metric === "ml.inference.predictions" && "ml.segment.name" in attributes)
      .map(({ attributes, value }) => [attributes["ml.segment.name"], attributes["ml.segment.value"], value]);
    assert.deepEqual(bySegment, [
      ["origin", "ATL", 1],
      ["origin", "LAX", 2],
      ["region", "west", 1],
      ["tier", "gold", 1],
    ]);
    const total = collected.filter(({ attributes }) => !("ml.segment.name" in attributes));
    assert.equal(pointValue(total, "ml.inference.predictions"), 3);
    assert.equal((pointValue(collected, "ml.prediction.score", segmentOf("gold")) as { sum: number }).sum, 0.3);
    const west = collected.filter(({ attributes }) => attributes["ml.segment.value"] === "west");
    assert.deepEqual(statesOf(west, "distance"), { valid: 1 });
  });

  it("stay within the budget of series; what is beyond is counted under _other_ and as dropped", async () => {
    const { tidemark, points } = createHarness({ maxSeries: 500 });
    const model = tidemark.describeModel({ ...SEGMENTED, segments: ["region"] });
    for (let region = 0; region < 1_000; region++) model.count({ inputs: { ...GOOD_INPUTS, region: `r${region}` } });
    const collected = await points();
    assert.ok(collected.length <= 500, `${collected.length} series`);
    const dropped = pointValue(collected, "tidemark.instrumentation.dropped", {
      "tidemark.drop.reason": "series_overflow",
    }) as number;
    const other = pointValue(collected, "ml.inference.predictions", segmentOf("_other_"));
    assert.ok(dropped > 900 && dropped < 1_000, `${dropped} dropped`);
    assert.equal(other, dropped);
  });

  it("start anew in delta, and are summed over looks under replay", async () => {
    const delta = createHarness({ temporality: "delta" });
    const model = delta.tidemark.describeModel(SEGMENTED);
    for (let time = 0; time < 2; time++) {
      model.count({ inputs: { ...GOOD_INPUTS, region: "west" } });
      assert.equal(pointValue(await delta.points(), "ml.inference.predictions", segmentOf("west")), 1);
    }
    const replay = createHarness({ replay: true });
    const replayed = replay.tidemark.describeModel(SEGMENTED);
    for (const hour of [1, 2]) {
      replayed.count({ inputs: { ...GOOD_INPUTS, region: "west" }, timeMs: hour * 3_600_000 });
    }
    replay.tidemark.closeLooks();
    const predictions = (await replay.points()).filter(
      ({ metric, attributes }) => metric === "ml.inference.predictions" && attributes["ml.segment.value"] === "west",
    );
    assert.deepEqual(
      predictions.map(({ value }) => value),
      [1, 2],
    );
  });
});
