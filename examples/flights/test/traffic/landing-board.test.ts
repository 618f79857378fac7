import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Flight } from "../../src/flights/flight.ts";
import { LandingBoard } from "../../src/traffic/landing-board.ts";
import { flightAt } from "../flight-at.ts";

const MINUTE_MS = 60_000;

test("every flight leaves the board once, in the order of landing, and never before it has landed", () => {
  const flights = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 33, max: 200 })), { maxLength: 60 });
  fc.assert(
    fc.property(flights, (drawn) => {
      const departures = drawn.sort(([a], [b]) => a - b);
      const board = new LandingBoard();
      const taken: Flight[] = [];
      for (const [departure, minutes] of departures) {
        const landed = board.takeLanded(departure * MINUTE_MS);
        assert.ok(landed.every(({ landingMs }) => landingMs <= departure * MINUTE_MS));
        taken.push(...landed);
        board.add([flightAt(departure * MINUTE_MS, (departure + minutes) * MINUTE_MS)]);
      }
      taken.push(...board.takeAll());
      assert.equal(taken.length, departures.length);
      const landings = taken.map(({ landingMs }) => landingMs);
      assert.deepEqual(
        landings,
        landings.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("a board that nothing was put on gives nothing", () => {
  assert.deepEqual(new LandingBoard().takeAll(), []);
});
