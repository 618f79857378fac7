import assert from "node:assert/strict";
import { test } from "node:test";
import { INCIDENT_FROM_MS, withIncident } from "../../src/traffic/incidents.ts";
import { flightAt } from "../flight-at.ts";

const before = flightAt(INCIDENT_FROM_MS - 1).departure;
const after = flightAt(INCIDENT_FROM_MS).departure;

test("without an incident a departure is sent as it is", () => {
  assert.equal(withIncident(after, null), after);
});

test("an incident begins on 1 May 2001, 00:00 UTC", () => {
  assert.equal(new Date(INCIDENT_FROM_MS).toISOString(), "2001-05-01T00:00:00.000Z");
  assert.equal(withIncident(before, "miles-to-km"), before);
  assert.equal(withIncident(before, "nulls"), before);
});

test("miles-to-km sends kilometres, and changes nothing else", () => {
  assert.deepEqual(withIncident(after, "miles-to-km"), { ...after, distance: 867 * 1.609344 });
});

test("nulls blanks the inbound delay of one airport only", () => {
  assert.deepEqual(withIncident(after, "nulls"), { ...after, inbound_delay: null });
  const elsewhere = { ...after, origin: "BOS" };
  assert.equal(withIncident(elsewhere, "nulls"), elsewhere);
});
