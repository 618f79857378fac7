import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { captureDiag, createHarness, FLIGHTS, GOOD_INPUTS, type Point, pointValue } from "../harness.ts";

const HOUR_MS = 3_600_000;
/** Monday 1 January 2001, 00:00 UTC. */
const START_MS = Date.UTC(2001, 0, 1);
const START_SECONDS = START_MS / 1_000;

const at = (hours: number) => START_MS + hours * HOUR_MS;

/** `[hour of the end after the start, count]` of each point of the predictions counter, from the first hour on. */
function predictionsByHour(points: readonly Point[]): [number, unknown][] {
  return points
    .filter(({ metric }) => metric === "ml.inference.predictions")
    .map(({ endTime, value }) => [(endTime[0] - START_SECONDS) / 3_600, value]);
}

function createReplay(options: object = {}) {
  const harness = createHarness({ replay: true, ...options });
  const model = harness.tidemark.describeModel({ ...FLIGHTS, spans: false, events: false });
  const recordAt = (...hours: number[]) => {
    for (const hour of hours) model.record({ inputs: GOOD_INPUTS, timeMs: at(hour) });
  };
  return { ...harness, recordAt };
}

describe("replay", () => {
  it("closes a cumulative point for each look that event time has passed, stamped with event time", async () => {
    const { tidemark, recordAt, points } = createReplay();
    recordAt(0, 0.5, 1.5);
    tidemark.advanceTo(at(1));
    const first = await points();
    assert.deepEqual(predictionsByHour(first), [[1, 2]]);
    assert.ok(first.every(({ startTime }) => startTime[0] === START_SECONDS));
    tidemark.advanceTo(at(2.9));
    const second = await points();
    assert.deepEqual(predictionsByHour(second), [[2, 3]]);
    assert.ok(second.every(({ startTime }) => startTime[0] === START_SECONDS));
  });

  it("counts a record in the look of its event time, whatever the order, as long as the look is open", async () => {
    const { tidemark, recordAt, points } = createReplay();
    recordAt(2.5, 0.5, 1.5, 0.6);
    tidemark.advanceTo(at(3));
    assert.deepEqual(predictionsByHour(await points()), [
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it("splits a batch over the looks of its rows", async () => {
    const { tidemark, points } = createReplay();
    const model = tidemark.describeModel({ ...FLIGHTS, spans: false, events: false });
    model.recordBatch({ inputs: [GOOD_INPUTS, GOOD_INPUTS, GOOD_INPUTS], timesMs: [at(0), at(0.9), at(1.1)] });
    tidemark.closeLooks();
    assert.deepEqual(predictionsByHour(await points()), [
      [1, 2],
      [2, 3],
    ]);
  });

  it("counts a record of a closed look in the earliest open one", async () => {
    const { tidemark, recordAt, points } = createReplay();
    recordAt(0.5);
    tidemark.advanceTo(at(1));
    recordAt(0.7);
    tidemark.advanceTo(at(2));
    assert.deepEqual(predictionsByHour(await points()), [
      [1, 1],
      [2, 2],
    ]);
  });

  it("repeats a cumulative series where nothing was added, and has no point of an empty look", async () => {
    const { tidemark, points } = createReplay();
    const model = tidemark.describeModel({ ...FLIGHTS, spans: false, events: false });
    model.record({ inputs: { distance: 1, origin: "ATL" }, timeMs: at(0) });
    model.record({ inputs: { distance: 1, origin: "LAX" }, timeMs: at(5) });
    tidemark.advanceTo(at(9));
    const categories = (await points()).filter(({ metric }) => metric === "ml.feature.categories");
    assert.deepEqual(
      categories.map(({ endTime, attributes }) => [endTime[0] - START_SECONDS, attributes["ml.feature.category"]]),
      [
        [3_600, "ATL"],
        [6 * 3_600, "ATL"],
        [6 * 3_600, "LAX"],
      ],
    );
  });

  it("gives the same points however the calls to advanceTo are spread", async () => {
    const run = async (steps: readonly number[]) => {
      const { tidemark, recordAt, points } = createReplay();
      recordAt(0.1, 1.1, 3.1, 3.2);
      for (const step of steps) tidemark.advanceTo(at(step));
      tidemark.closeLooks();
      return (await points()).filter(({ metric }) => metric.startsWith("ml."));
    };
    const want = await run([]);
    assert.deepEqual(predictionsByHour(want), [
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
    assert.deepEqual(await run([1, 2, 3, 4]), want);
    assert.deepEqual(await run([2, 1, 4]), want);
  });

  it("gives counts of each look alone where temporality is delta", async () => {
    const { tidemark, recordAt, points } = createReplay({ temporality: "delta" });
    recordAt(0, 0.5, 1.5);
    tidemark.closeLooks();
    const collected = await points();
    assert.deepEqual(predictionsByHour(collected), [
      [1, 2],
      [2, 1],
    ]);
    const starts = collected
      .filter(({ metric }) => metric === "ml.inference.predictions")
      .map(({ startTime }) => startTime[0]);
    assert.deepEqual(starts, [START_SECONDS, START_SECONDS + 3_600]);
  });

  it("takes looks of any length", async () => {
    const { tidemark, recordAt, points } = createReplay({ lookMs: HOUR_MS / 4 });
    recordAt(0.1, 0.3);
    tidemark.advanceTo(at(0.5));
    assert.deepEqual(predictionsByHour(await points()), [
      [0.25, 1],
      [0.5, 2],
    ]);
  });

  it("drops the oldest looks, which the next cumulative point heals, when nobody collects", async () => {
    const { tidemark, recordAt, points } = createReplay({ maxQueuedLooks: 2 });
    for (let hour = 0; hour < 5; hour++) {
      recordAt(hour + 0.5);
      tidemark.advanceTo(at(hour + 1));
    }
    assert.equal(tidemark.queuedLooks, 2);
    recordAt(5.5);
    tidemark.closeLooks();
    const collected = await points();
    assert.deepEqual(predictionsByHour(collected), [
      [5, 5],
      [6, 6],
    ]);
    const dropped = collected.filter(({ metric }) => metric === "tidemark.instrumentation.dropped");
    assert.equal(dropped.at(-1)!.value, 3);
    assert.equal(tidemark.queuedLooks, 0);
  });

  it("keeps few looks open though event time is never advanced, and loses no record", async () => {
    const { tidemark, recordAt, points } = createReplay();
    for (let hour = 0; hour < 100; hour++) recordAt(hour);
    tidemark.closeLooks();
    const byHour = predictionsByHour(await points());
    assert.equal(byHour.length, 16);
    assert.equal(byHour.at(-1)![1], 100);
  });

  it("counts an event time that is none and goes on", async () => {
    const { tidemark, recordAt, points } = createReplay();
    for (const odd of [Number.NaN, Infinity, -1, 1e300, "now", null]) tidemark.advanceTo(odd as number);
    recordAt(0.5);
    tidemark.advanceTo(at(1));
    const collected = await points();
    assert.deepEqual(predictionsByHour(collected), [[1, 1]]);
    assert.equal(pointValue(collected, "tidemark.instrumentation.dropped"), 6);
  });

  it("is not what a live service does: advanceTo is counted and changes nothing", async () => {
    const { tidemark, points } = createHarness();
    const messages = captureDiag(() => tidemark.advanceTo(at(1)));
    assert.match(messages[0]!, /pass \{ replay: true \}/);
    assert.equal(pointValue(await points(), "tidemark.instrumentation.dropped"), 1);
  });
});
