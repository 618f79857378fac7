import assert from "node:assert/strict";
import { it } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { driftRows } from "../../src/report/drift-rows.ts";
import { driftSection } from "../../src/report/drift-section.ts";
import { windowAxis } from "../../src/report/window-axis.ts";
import { fixtureApi } from "./report-fixture.ts";

it("a field has a row for each reference, and one reference's verdict is not taken for another's", async () => {
  const data = await collectReportData(fixtureApi({ seed: 7, story: "quiet" }), undefined, () => new Date(0));
  const [model] = data.models;
  assert.ok(model !== undefined);
  const axis = windowAxis(model.measurements);
  const newest = axis.at(-1)!.start;
  const held = model.measurements
    .filter(
      (row) => row.metric === metric.driftSeverity && row.target.name === "distance" && row.window.start === newest,
    )
    .map((row): Measurement => {
      const attributes = { [attr.driftReading]: "window", [attr.driftReference]: "previous" };
      return { ...row, attributes, state: "critical", value: 9 };
    });
  assert.equal(held.length, 1);
  const measurements = [...model.measurements, ...held];

  const rows = driftRows(measurements, axis).filter(({ target }) => target.name === "distance");
  assert.deepEqual(
    rows.map(({ reference, worst }) => [reference, worst?.state]),
    [
      ["against the window before", "critical"],
      [null, "ok"],
    ],
  );
  const page = driftSection({ ...model, measurements }, axis).text;
  const text = page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  assert.match(text, /distance against the window before/);
  const figures = text.slice(text.indexOf("The figures of the newest window"));
  assert.match(figures, /distance against the window before 25 Jun – 1 Jul 2001 ✕ critical \S+ 9\.0+ .*? – – – – – /);
});
