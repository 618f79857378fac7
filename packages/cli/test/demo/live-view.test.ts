import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { createLiveView } from "../../src/demo/live-view.ts";
import { aMeasurement } from "./a-measurement.ts";

function screen(terminal: { isTTY: boolean; rows?: number }): { text: string; write(text: string): void } {
  return {
    ...terminal,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

const progressAt = (departureMs: number) => ({ predictions: 1_000, outcomes: 900, departureMs });

test("on a terminal bar and table are drawn over what was drawn before", () => {
  const output = screen({ isTTY: true, rows: 24 });
  const view = createLiveView(output);
  view.showProgress(progressAt(Date.UTC(2001, 4, 1)), 1);
  view.showState([aMeasurement()]);
  const first = output.text.length;
  view.showProgress(progressAt(Date.UTC(2001, 4, 8)), 2);
  const last = output.text.slice(first);
  assert.ok(last.startsWith("\u001b[4A"), "the bar, an empty line, the header and one row");
  assert.match(stripVTControlCharacters(last), / 8 May 2001[\s\S]*distance +critical/);
});

test("no more lines are drawn than the terminal has", () => {
  const output = screen({ isTTY: true, rows: 3 });
  const view = createLiveView(output);
  view.showProgress(progressAt(Date.UTC(2001, 4, 1)), 1);
  view.showState([aMeasurement()]);
  const drawn = output.text.length;
  view.showProgress(progressAt(Date.UTC(2001, 4, 2)), 1);
  assert.ok(output.text.slice(drawn).startsWith("\u001b[2A"));
});

test("anywhere else there is a plain line each tenth of the way, with what is not ok", () => {
  const output = screen({ isTTY: false });
  const view = createLiveView(output);
  view.showState([aMeasurement()]);
  for (let day = 0; day < 181; day++) view.showProgress(progressAt(Date.UTC(2001, 0, 1 + day)), day + 1);
  const lines = output.text.trimEnd().split("\n");
  assert.equal(lines.filter((line) => line.startsWith("[")).length, 9);
  assert.ok(lines.includes("    week of 2001-05-07: distance critical (drift)"));
  assert.ok(!output.text.includes("\u001b"));
});
