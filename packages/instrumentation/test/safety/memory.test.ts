import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTidemark } from "@tidemark/instrumentation";
import { FLIGHTS } from "../harness.ts";

const ROUND = 50_000;
const ALLOWED_BYTES = 512 * 1_024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("memory", () => {
  it("is not allocated at all by a prediction that is counted", () => {
    const model = createTidemark().describeModel(FLIGHTS);
    const predictions = Array.from({ length: 256 }, (_, row) => {
      const more = { score: row / 256, label: "late", durationSeconds: row / 1e5 };
      return {
        byName: { inputs: { distance: row * 7.3, origin: row % 2 === 0 ? "ATL" : "LAX" }, ...more },
        byRow: { inputs: Float64Array.of(row * 7.3, row % 2), ...more },
      };
    });
    for (const kind of ["byName", "byRow"] as const) {
      const run = () => {
        for (let row = 0; row < ROUND; row++) model.count(predictions[row & 255]![kind]);
      };
      // Interpreted code allocates; what counts is the code that the engine ends up with.
      let each = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 40 && each >= 1; round++) {
        const before = heapBytes();
        run();
        // Not collected after: what was allocated is still there.
        each = (process.memoryUsage().heapUsed - before) / ROUND;
      }
      assert.ok(each < 1, `${each} bytes a prediction ${kind}`);
    }
  });

  it("is flat over predictions, whatever their values", () => {
    const model = createTidemark().describeModel({ ...FLIGHTS, events: false, spans: false });
    const run = (from: number) => {
      for (let row = from; row < from + ROUND; row++) {
        model.record({ inputs: { distance: row, origin: `airport-${row}`, [`unknown-${row}`]: row }, label: `${row}` });
      }
    };
    run(0);
    const before = heapBytes();
    for (let round = 1; round <= 4; round++) run(round * ROUND);
    const grown = heapBytes() - before;
    assert.ok(grown < ALLOWED_BYTES, `${grown} bytes grown over ${4 * ROUND} predictions`);
  });

  it("is flat under replay when nobody collects", () => {
    const tidemark = createTidemark({ replay: true, maxQueuedLooks: 10 });
    const model = tidemark.describeModel({ ...FLIGHTS, events: false, spans: false });
    const run = (from: number) => {
      for (let hour = from; hour < from + 500; hour++) {
        model.record({ inputs: { distance: hour, origin: "ATL" }, timeMs: hour * 3_600_000 });
        tidemark.advanceTo(hour * 3_600_000);
      }
    };
    run(0);
    const before = heapBytes();
    run(500);
    run(1_000);
    const grown = heapBytes() - before;
    assert.ok(grown < ALLOWED_BYTES, `${grown} bytes grown over 1,000 looks`);
  });
});
