import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import type { FlightInputs } from "../../src/flights/flight.ts";
import { FlightDelayModel } from "../../src/model/flight-delay-model.ts";
import { MODEL_FILE } from "../../src/model/model-description.ts";

interface ScoredFlight {
  readonly flight: FlightInputs;
  readonly score: number;
}

const TORONTO: FlightInputs = {
  hour: 17,
  weekday: "fri",
  distance: 733,
  origin: "YYZ",
  destination: "LGA",
  inbound_delay: null,
};

const model = await FlightDelayModel.load();

/** Written by training/train.py: February flights and scikit-learn's probabilities. */
async function scikitLearnScores(): Promise<ScoredFlight[]> {
  const file = new URL("../../model/flight-delay.scores.json", import.meta.url);
  return JSON.parse(await readFile(file, "utf8")) as ScoredFlight[];
}

test("the service's probabilities are scikit-learn's, missing inputs included", async () => {
  const expected = await scikitLearnScores();
  assert.ok(expected.some(({ flight }) => flight.inbound_delay === null));
  const scores = await model.predict(expected.map(({ flight }) => flight));
  expected.forEach(({ score }, row) => {
    assert.ok(Math.abs(scores[row]! - score) < 1e-6, `row ${row}: ${scores[row]} instead of ${score}`);
  });
});

test("a flight gets the same score alone and in a batch", async () => {
  const flights = (await scikitLearnScores()).map(({ flight }) => flight);
  const [alone] = await model.predict([flights[3]!]);
  assert.equal(alone, (await model.predict(flights))[3]);
});

test("an airport that training did not know counts as an average one", async () => {
  assert.equal(model.description.lateShare.origin["YYZ"], undefined);
  const [score] = await model.predict([TORONTO]);
  assert.ok(score! > 0 && score! < 1);
});

test("a score at the threshold is called late", () => {
  const { threshold } = model.description;
  assert.equal(model.labelOf(threshold), "late");
  assert.equal(model.labelOf(threshold - 1e-9), "on_time");
});

test("the committed model stays small", async () => {
  assert.ok((await stat(MODEL_FILE)).size < 500_000);
});
