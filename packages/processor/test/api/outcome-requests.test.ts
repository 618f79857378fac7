import assert from "node:assert/strict";
import { test } from "node:test";
import { attr } from "@tidemark/semconv";
import { inRequestTerms, parseOutcomes } from "../../src/api/outcome-requests.ts";

const NOW_MS = Date.UTC(2026, 10, 25);
const GOOD = { model: "churn", id: "p1", label: "yes" };

test("what is wrong with an outcome names the member, what it is and what was expected, and the others are taken", () => {
  const rows: [outcome: unknown, example: RegExp][] = [
    [{ ...GOOD, id: 12 }, /^outcome 1: id is 12; expected the id of the prediction, a text$/],
    [{ model: "churn", label: "yes" }, /id is missing; expected the id/],
    [{ ...GOOD, lable: "x" }, /"lable" is unknown; did you mean "label"\?/],
    [{ ...GOOD, label: true }, /label is true; expected the true class/],
    [{ ...GOOD, position: 1.5 }, /position is 1\.5; expected a whole number from 1/],
    [{ ...GOOD, time: "2026-11-25T19:00:00" }, /time is "2026-11-25T19:00:00"; expected ISO 8601 with a zone/],
    [{ ...GOOD, time: 1_795_635_393 }, /time is 1795635393; expected ISO 8601/],
    // None of these fits OTLP's times, and one alone would have made the whole request unreadable.
    [{ ...GOOD, time: "1970-01-01T00:00:00Z" }, /expected a time after 1970 began/],
    [{ ...GOOD, time: "0001-01-01T00:00:00Z" }, /expected a time after 1970 began/],
    [{ ...GOOD, time: "9999-01-01T00:00:00Z" }, /expected a time after 1970 began/],
    [null, /found null; expected an object/],
    [[], /found an array; expected an object/],
  ];
  for (const [outcome, example] of rows) {
    const { count, malformed, models, places } = parseOutcomes(Buffer.from(JSON.stringify([GOOD, outcome])), NOW_MS);
    assert.equal(count, 1);
    assert.deepEqual(places, [0]);
    assert.deepEqual(models, ["churn"]);
    assert.equal(malformed?.count, 1);
    assert.match(malformed!.example, example);
  }
});

test("a mark of UTF-8 before the first outcome is no part of it", () => {
  assert.equal(parseOutcomes(Buffer.from(`\ufeff${JSON.stringify(GOOD)}\n`), NOW_MS).count, 1);
});

test("what the decoder says is told by the names of the request", () => {
  assert.equal(
    inRequestTerms(`${attr.outcomeLabel} is missing; expected it with ${attr.outcomeKind} "class"`),
    'label is missing; expected it with kind "class"',
  );
});
