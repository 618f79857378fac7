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
