import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation } from "@tidemark/schema";
import { createChangeExplainer } from "../../src/evaluate/explain-changes.ts";
import { explainIncidents } from "../../src/evaluate/explain-incidents.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readExplanations } from "../../src/store/explanations.ts";
import { categoricalField, HOUR_MS, KEY, MONDAY_MS, numericField, outcome, prediction, profile } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 24 * HOUR_MS;
const AIRPORTS = ["ATL", "LAS", "ORD", "SFO"];
const FIELDS = [
  categoricalField("origin", AIRPORTS),
  categoricalField("destination", AIRPORTS),
  numericField("distance", [500, 1000]),
];
const config = testConfig({ models: [{ name: KEY.model, profile: "profile.json", windows: ["24h"] }] }).models[0]!;
const model: MonitoredModel = { config, configId: "c", profile: profile(FIELDS), features: new Set() };

/** Flights whose destination lies two further on, except from SFO; the fifth day has the columns swapped. */
function flightsOf(day: number, isSwapped: boolean) {
  return Array.from({ length: 600 }, (_, at) => {
    const from = (at * 7 + day) % 16 < 10 ? 0 : (at + day) % 4;
    const to = from === 3 ? 1 : (from + 1 + (at % 3 === 0 ? 1 : 0)) % 4;
    const [origin, destination] = isSwapped ? [AIRPORTS[to]!, AIRPORTS[from]!] : [AIRPORTS[from]!, AIRPORTS[to]!];
    const id = `${day}-${String(at).padStart(3, "0")}`;
    const ms = MONDAY_MS + day * DAY_MS + at * 60_000;
    const label = at % 4 === 0 ? "late" : "on_time";
    const distance = 300 * (1 + from) + (at % 20);
    return {
      prediction: prediction(id, ms, { label, traceId: "a".repeat(32), inputs: { origin, destination, distance } }),
      outcome: outcome(id, ms + HOUR_MS, { label: at % 9 === 0 ? "late" : label }),
    };
  });
}

function dayTask(day: number, isCritical: boolean) {
  const startMs = MONDAY_MS + day * DAY_MS;
  return { model, key: KEY, window: { name: "24h", startMs, endMs: startMs + DAY_MS }, isCritical };
}

test("the first critical window of a run is explained from its records, and incidents take its cause", () =>
  withStore(async ({ store, write }) => {
    const days = [0, 1, 2, 3, 4].flatMap((day) => flightsOf(day, day === 4));
    await write({ predictions: days.map((each) => each.prediction), outcomes: days.map((each) => each.outcome) });
    const told: Explanation[] = [];
    const explain = createChangeExplainer({
      store: createEvaluationStore(store, () => 1),
      deployments: () => [{ key: { ...KEY, version: "2" }, firstMs: MONDAY_MS + 4 * DAY_MS }],
      onExplained: (explanation) => told.push(explanation),
    });
    await explain([dayTask(3, false), dayTask(4, true)]);
    const [found, ...others] = await readExplanations(store, { tenant: KEY.tenant, model: KEY.model });
    assert.equal(others.length, 0);
    assert.deepEqual(found, told[0]);
    assert.equal(found!.causes[0]!.kind, "swapped");
    assert.equal(found!.causes[0]!.target, "origin, destination");
    assert.deepEqual([found!.rows, found!.windowsBefore, found!.loss!.name], [600, 4, "zero_one"]);
    assert.deepEqual(found!.coincident, ["champion 2 sent its first prediction at 2001-01-05T00:00:00.000Z"]);
    assert.equal(found!.examples[0]!.traceId, "a".repeat(32));

    const window = { window: found!.window } as never;
    const unknown = { kind: "unknown", target: "", explanation: "" } as const;
    const incident = { ...KEY, signal: "performance", windows: [window], firstCause: unknown } as never;
    const [explained, service] = explainIncidents(
      [incident, { ...(incident as object), signal: "service" } as never],
      [found!],
    );
    assert.equal(explained!.firstCause.kind, "swapped");
    assert.equal(service!.firstCause.kind, "unknown");
  }));

test("with too few windows before, and for models whose records carry no inputs, nothing is said", () =>
  withStore(async ({ store, write }) => {
    await write({ predictions: [0, 1].flatMap((day) => flightsOf(day, false)).map((each) => each.prediction) });
    await write({
      predictions: [2, 3, 4, 5]
        .flatMap((day) => flightsOf(day, false))
        .map(({ prediction: each }) => ({
          ...each,
          version: "2",
          inputs: {},
        })),
    });
    const explain = createChangeExplainer({
      store: createEvaluationStore(store, () => 1),
      deployments: () => [],
      onExplained: () => assert.fail("nothing can be said"),
    });
    await explain([dayTask(1, true), { ...dayTask(5, true), key: { ...KEY, version: "2" } }]);
    assert.deepEqual(await readExplanations(store, { tenant: KEY.tenant }), []);
  }));

test("a window without one kind of row that was there before is explained, and its explanation can be read again", () =>
  withStore(async ({ store, write }) => {
    const days = [0, 1, 2, 3].flatMap((day) => flightsOf(day, false));
    const elsewhere = { origin: "LHR", destination: "JFK", distance: 9_000 };
    const last = flightsOf(4, false).map((each) => ({
      ...each,
      prediction: { ...each.prediction, inputs: elsewhere },
    }));
    const all = [...days, ...last];
    await write({ predictions: all.map((each) => each.prediction), outcomes: all.map((each) => each.outcome) });
    const explain = createChangeExplainer({
      store: createEvaluationStore(store, () => 1),
      deployments: () => [],
      onExplained: () => {},
    });
    await explain([dayTask(4, true)]);
    const [found] = await readExplanations(store, { tenant: KEY.tenant, model: KEY.model });
    assert.deepEqual([found!.loss!.covariate, found!.loss!.concept, found!.loss!.common.line], [0, 0, null]);
    assert.equal(found!.loss!.notComparable, found!.loss!.window - found!.loss!.before);
  }));
