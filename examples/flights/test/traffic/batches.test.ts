import assert from "node:assert/strict";
import { test } from "node:test";
import { toBatches } from "../../src/traffic/batches.ts";
import { collect } from "../collect.ts";
import { flightAt } from "../flight-at.ts";

const HOUR_MS = 3_600_000;

async function sizes(departures: readonly number[]): Promise<number[]> {
  async function* flights() {
    for (const departureMs of departures) yield flightAt(departureMs);
  }
  const batches = await collect(toBatches(flights()));
  assert.deepEqual(
    batches.flat().map(({ departure }) => departure.departureMs),
    departures,
  );
  return batches.map((batch) => batch.length);
}

test("a batch is full at a thousand flights, and none is lost or moved", async () => {
  assert.deepEqual(await sizes(Array.from({ length: 2_500 }, (_, i) => i)), [1_000, 1_000, 500]);
  assert.deepEqual(await sizes([]), []);
});

test("a batch spans no more event time than the instrumentation keeps open", async () => {
  assert.deepEqual(await sizes([0, 12 * HOUR_MS, 12 * HOUR_MS + 1, 30 * HOUR_MS]), [2, 1, 1]);
});
