import assert from "node:assert/strict";
import { test } from "node:test";
import { createRefusals } from "../../src/http/refusals.ts";
import { openResponderState } from "../../src/state/responder-state.ts";

test("a thousand refusals in a minute are ten entries and a count, and none is lost to the metric", () => {
  let nowMs = 1_000_000;
  const state = openResponderState(":memory:");
  const refusals = createRefusals(state, () => nowMs);
  const note = (subject: string) =>
    refusals.note({ actor: "stranger", kind: "sign_in.refused", subject, detail: { reason: "nobody's" } });
  for (let count = 0; count < 1_000; count++) note("pages");
  note("elsewhere");
  refusals.flush();
  assert.equal(state.audit.list().length, 11, "each of them has its minute");
  nowMs += 60_000;
  refusals.flush();
  const entries = state.audit.list();
  assert.equal(entries.length, 12);
  assert.deepEqual(entries.at(-1)!.detail, { more: 990, since: new Date(1_000_000).toISOString() });
  assert.deepEqual({ ...state.audit.countRefusals()[0] }, { kind: "sign_in", count: 1_001 });
  note("pages");
  assert.equal(state.audit.list().length, 13, "and the next minute has ten again");
});

test("what was only counted is told when the responder ends", () => {
  const state = openResponderState(":memory:");
  const refusals = createRefusals(state, () => 0);
  for (let count = 0; count < 12; count++) {
    refusals.note({ actor: "stranger", kind: "api.refused", subject: "api", detail: {} });
  }
  refusals.close();
  assert.equal(state.audit.countRefusals()[0]?.count, 12);
});
