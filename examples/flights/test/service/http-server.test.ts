import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Departure } from "../../src/flights/flight.ts";
import { createPredictionServer } from "../../src/service/http-server.ts";
import { flightAt } from "../flight-at.ts";

const asked: Departure[][] = [];
const server = createPredictionServer(async (departures) => {
  asked.push(departures);
  return departures.map(({ id }) => ({ id, score: 0.25, label: "late" as const }));
});
let url = "";

before(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

async function post(body: string): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${url}/predict`, { method: "POST", body });
  return { status: response.status, answer: await response.json() };
}

test("a batch of departures is asked for at once and answered one by one", async () => {
  const departures = [flightAt(0).departure, flightAt(60_000).departure];
  const { status, answer } = await post(JSON.stringify(departures));
  assert.equal(status, 200);
  assert.deepEqual(asked.at(-1), departures);
  assert.deepEqual(answer, [
    { id: "flight-0", score: 0.25, label: "late" },
    { id: "flight-60000", score: 0.25, label: "late" },
  ]);
});

test("a body that cannot be answered is refused with what was expected, before the model is asked", async () => {
  const before = asked.length;
  for (const [body, says] of [
    ["{", /not JSON/],
    ["{}", /array of departures/],
    ['[{"id":"a"}]', /departure 0: .*departureMs/],
    [JSON.stringify([flightAt(0).departure, null]), /departure 1/],
  ] as const) {
    const { status, answer } = await post(body);
    assert.equal(status, 400);
    assert.match((answer as { error: string }).error, says);
  }
  assert.equal(asked.length, before);
});

test("a body over the limit is refused", async () => {
  assert.equal((await post(" ".repeat(4 * 1024 * 1024 + 1))).status, 413);
});

test("it says that it lives, and what it knows where a path is unknown", async () => {
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const response = await fetch(`${url}/nowhere`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /POST \/predict/);
});
