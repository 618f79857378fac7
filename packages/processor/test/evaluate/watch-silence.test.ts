import assert from "node:assert/strict";
import { test } from "node:test";
import type { UsualSilence } from "../../src/aggregate/usual-silence.ts";
import { createSilenceWatch, type NewestRecord } from "../../src/evaluate/watch-silence.ts";

const MINUTE_MS = 60_000;
const LINES = { warningMs: 10 * MINUTE_MS, criticalMs: 20 * MINUTE_MS };

/** A watch of one model, its newest record at 0. */
function watched(usual: UsualSilence) {
  const state = { nowMs: 0, reads: 0, record: { tenant: "default", model: "m", newestMs: 0 } as NewestRecord };
  const watch = createSilenceWatch({
    models: () => [state.record],
    readUsual: async () => {
      state.reads += 1;
      return usual;
    },
    now: () => state.nowMs,
  });
  const after = async (minutes: number) => {
    state.nowMs = state.record.newestMs + minutes * MINUTE_MS;
    await watch.look();
    return watch.of(state.record);
  };
  return { state, watch, after };
}

test("a silence warns and turns critical beyond its lines, and the store is asked once of it", async () => {
  const { state, after } = watched({ lines: LINES, weeks: 4 });
  assert.equal(await after(4), null);
  assert.equal(state.reads, 0, "a model that sends costs nothing");
  const states = [];
  for (const minutes of [5, 10, 11, 20, 21]) states.push((await after(minutes))?.state);
  assert.deepEqual(states, ["ok", "ok", "warning", "warning", "critical"]);
  assert.equal(state.reads, 1);
  state.record = { ...state.record, newestMs: 30 * MINUTE_MS };
  assert.equal(await after(1), null, "it sends again");
  assert.equal((await after(6))?.state, "ok");
  assert.equal(state.reads, 2);
});

test("in the first weeks nothing is known, and it says so", async () => {
  const { after } = watched({ lines: null, weeks: 2 });
  const { note, ...silence } = (await after(40))!;
  assert.deepEqual(silence, {
    ...{ seconds: 2_400, state: "insufficient_data" },
    ...{ warningAfterSeconds: null, criticalAfterSeconds: null },
  });
  assert.match(note, /needs 3 weeks .* there are 2: held against the alert's fixed line/);
});

test("until the store has answered of a new silence nothing is said of it", async () => {
  const { state, watch, after } = watched({ lines: LINES, weeks: 4 });
  await after(30);
  state.record = { ...state.record, newestMs: MINUTE_MS };
  assert.equal(watch.of(state.record), null);
});
