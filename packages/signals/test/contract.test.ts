import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes, metrics } from "@tidemark/semconv";
import { type Finding, judgeAggregate, signals, type WindowAggregate } from "@tidemark/signals";
import fc from "fast-check";
import { aggregateOf, contextOf, drawRows, profileOf } from "./support/synthetic.ts";

const METRIC_NAMES = new Set<string>(Object.values(metrics).map((definition) => definition.name));
const ATTRIBUTE_NAMES = new Set<string>(Object.values(attributes).map((definition) => definition.name));

const reference = drawRows(1, 4_000);
const plain = profileOf(reference);
const seasonal = profileOf(reference, true);
const service: WindowAggregate["service"] = {
  durationBoundaries: [0.01, 0.1, 1],
  durationCounts: [500, 400, 90, 10],
  succeeded: 990,
  failed: [{ type: "timeout", count: 10 }],
  cpuSeconds: 1_000,
  maxMemoryBytes: 3e8,
};

const windows: readonly [string, WindowAggregate, boolean][] = [
  ["a whole week", aggregateOf(drawRows(2, 3_000), seasonal, { service }), true],
  ["a whole week without a season", aggregateOf(drawRows(2, 3_000), plain), false],
  ["part of a day", aggregateOf(drawRows(3, 400, 5), seasonal), true],
  ["ten rows", aggregateOf(drawRows(4, 10), seasonal), true],
  ["no row", aggregateOf([], seasonal), true],
  ["no field", aggregateOf(drawRows(5, 300), plain, { fields: [] }), false],
  [
    "no outcome",
    aggregateOf(drawRows(6, 300), plain, {
      labelled: [],
      outcomes: { ...aggregateOf([], plain).outcomes, delaySeconds: null },
    }),
    false,
  ],
];

for (const signal of signals) {
  for (const [name, aggregate, season] of windows) {
    const context = contextOf(season ? seasonal : plain);

    test(`${signal.name} names what it finds by the semantic conventions, in finite numbers: ${name}`, () => {
      for (const finding of signal.judge(aggregate, context)) assertSound(finding);
    });

    test(`${signal.name} finds the same to the bit when asked again: ${name}`, () => {
      const again = structuredClone({ aggregate, profile: context.profile });
      assert.deepEqual(
        signal.judge(again.aggregate, { ...context, profile: again.profile }),
        signal.judge(aggregate, context),
      );
    });
  }

  test(`${signal.name} tells its findings apart by target, metric and attributes`, () => {
    const keys = signal
      .judge(windows[0]![1], contextOf(seasonal))
      .map((finding) => JSON.stringify([finding.target, finding.metric, Object.entries(finding.attributes).sort()]));
    assert.equal(new Set(keys).size, keys.length);
  });
}

test("no combination of counts makes a number that is not finite or a state without its rule", () => {
  const counts = fc.array(fc.nat(500), { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(counts, fc.nat(20), fc.nat(2_000), (bins, missing, predictions) => {
      const aggregate: WindowAggregate = {
        ...aggregateOf([], plain),
        predictions,
        effectivePredictions: predictions,
        fields: plain.fields.map((field) => {
          const fieldBins = field.counts.map((_, bin) => bins[bin] ?? 0);
          const valid = fieldBins.reduce((sum, count) => sum + count, 0);
          return {
            target: field.target,
            name: field.name,
            counts: fieldBins,
            slots: [],
            states: { ...field.states, valid, missing },
            source: "profile_points" as const,
          };
        }),
      };
      for (const findings of Object.values(judgeAggregate(aggregate, contextOf(plain)))) {
        for (const finding of findings) assertSound(finding);
      }
    }),
    { numRuns: 50 },
  );
});

function assertSound(finding: Finding): void {
  const text = `${finding.target.name} ${finding.metric}`;
  assert.ok(METRIC_NAMES.has(finding.metric), `${text} is not in semconv`);
  for (const key of Object.keys(finding.attributes)) assert.ok(ATTRIBUTE_NAMES.has(key), `${text}: attribute ${key}`);
  const { value, lower, upper, threshold, count, effective } = finding;
  const numbers = { value, lower, upper, threshold, count, effective, ...finding.evidence.numbers };
  for (const [name, number] of Object.entries(numbers)) {
    assert.ok(number === null || Number.isFinite(number), `${text}: ${name} is ${number}`);
  }
  if (value !== null && lower !== null) assert.ok(lower <= value, `${text}: lower ${lower} above ${value}`);
  if (value !== null && upper !== null) assert.ok(upper >= value, `${text}: upper ${upper} below ${value}`);
  const bins = finding.evidence.bins;
  if (bins !== null) {
    assert.ok(bins.labels.length <= 20);
    assert.deepEqual([bins.window.length, bins.reference.length], [bins.labels.length, bins.labels.length]);
  }
}
