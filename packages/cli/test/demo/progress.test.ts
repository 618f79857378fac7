import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProgress, progressLine, progressRatio } from "../../src/demo/progress.ts";

test("the traffic's own lines are progress; anything else it prints is not", () => {
  const line = '{"event":"progress","predictions":1000,"outcomes":900,"departureMs":978307200000}';
  assert.deepEqual(parseProgress(line), { predictions: 1000, outcomes: 900, departureMs: 978307200000 });
  assert.deepEqual(parseProgress('{"event":"done","predictions":2,"outcomes":2,"departureMs":null}'), {
    predictions: 2,
    outcomes: 2,
    departureMs: null,
  });
  assert.equal(parseProgress('{"event":"listening","url":"http://127.0.0.1:1"}'), null);
  assert.equal(parseProgress("Error: something"), null);
});

test("progress runs from 0 on 1 January to 1 at the end of June, and never beyond", () => {
  const at = (departureMs: number | null) => progressRatio({ predictions: 0, outcomes: 0, departureMs });
  assert.equal(at(0), 0);
  assert.equal(at(Date.UTC(2001, 0, 1)), 0);
  assert.equal(at(Date.UTC(2001, 6, 1)), 1);
  assert.equal(at(Date.UTC(2002, 0, 1)), 1);
  assert.equal(at(null), 1);
});

test("the line has bar, date, counts and the rate so far", () => {
  const progress = { predictions: 131_204, outcomes: 129_950, departureMs: Date.UTC(2001, 2, 15) };
  const line = progressLine(progress, 4);
  assert.equal(
    line,
    "[############------------------]  40 %  15 Mar 2001  131,204 predictions (32,801/s)  129,950 outcomes",
  );
});
