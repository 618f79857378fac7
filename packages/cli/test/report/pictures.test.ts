import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { categoryChart, histogramChart } from "../../src/report/distribution-chart.ts";
import { lineChart } from "../../src/report/line-chart.ts";
import { createScale } from "../../src/report/value-scale.ts";
import { windowAxis } from "../../src/report/window-axis.ts";
import { fixtureApi } from "./report-fixture.ts";

const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });

it("a scale holds its values and has a few round ticks in between", () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(1, 60, 3_600, 1_024),
      (values, unit) => {
        const { ticks, position } = createScale({ values, length: 100, unit });
        for (const each of values) assert.ok(position(each) >= -1e-6 && position(each) <= 100 + 1e-6);
        for (const tick of ticks) assert.ok(position(tick) >= -1e-3 && position(tick) <= 100 + 1e-3);
        assert.ok(ticks.length >= 1 && ticks.length <= 8, `${ticks.length} ticks for ${values}`);
      },
    ),
  );
});

it("a scale of a share does not pass 0 and 1, unless the values do", () => {
  const { position } = createScale({ values: [0.99, 1], length: 100, limits: [0, 1] });
  assert.ok(Math.abs(position(1) - 100) < 1e-9);
});

it("no number in a picture is anything but finite", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const point = fc.option(
    fc.record({
      value,
      lower: fc.option(value),
      upper: fc.option(value),
      state: fc.constantFrom(null, "ok", "warning", "critical"),
      title: fc.string(),
    }),
  );
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
      const axis = points.map((_, index) => ({
        start: new Date(index * 6e8).toISOString(),
        end: new Date((index + 1) * 6e8).toISOString(),
      }));
      const chart = lineChart({
        label: "x",
        axis,
        lines: [{ kind: "main", points }],
        levels: [],
        format: (number) => number.toFixed(1),
      });
      assert.equal(
        chart === null,
        points.every((each) => each === null),
      );
      assert.doesNotMatch(chart?.text.replace(/<title>[\s\S]*?<\/title>/g, "") ?? "", /NaN|Infinity|undefined/);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 20 }), (pairs) => {
      const bins = {
        labels: pairs.map((_, index) => `≤ ${index}`),
        window: pairs.map(([window]) => window),
        reference: pairs.map(([, reference]) => reference),
      };
      for (const draw of [histogramChart, categoryChart])
        assert.doesNotMatch(draw(bins, "x").text, /NaN|Infinity|undefined/);
    }),
  );
});

it("windows without a measurement keep their place on the axis", async () => {
  const { models } = await collectReportData(fixtureApi({ seed: 1, story: "quiet" }));
  const all = models[0]!.measurements;
  const gone = all[0]!.window.start;
  const third = [...new Set(all.map(({ window }) => window.start))][2]!;
  const axis = windowAxis(all.filter(({ window }) => window.start !== third));
  assert.equal(axis.length, 26);
  assert.equal(axis[0]?.start, gone);
  assert.equal(axis[2]?.start, third);
});

it("an axis is at most 80 windows long, the newest, even over a gap of years", () => {
  const hour = (start: number) => ({
    window: { name: "1h", start: new Date(start).toISOString(), end: new Date(start + 3.6e6).toISOString() },
  });
  const axis = windowAxis([hour(0), hour(3.6e6 * 9_000)] as unknown as Parameters<typeof windowAxis>[0]);
  assert.equal(axis.length, 80);
  for (let index = 1; index < axis.length; index++) assert.equal(axis[index]?.start, axis[index - 1]?.end);
  assert.equal(axis.at(-1)?.start, new Date(3.6e6 * 9_000).toISOString());
});
