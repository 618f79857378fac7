import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { parse } from "yaml";
import { collectorConfig } from "../../src/collector/collector-config.ts";
import { featureStatements } from "../../src/collector/feature-statements.ts";

type Fields = Profile["fields"];
const base = {
  target: "feature",
  states: {},
  varianceInflation: {},
  missing: {},
  slots: null,
} as unknown as Fields[number];
const age = {
  ...base,
  kind: "numeric",
  name: "age",
  boundaries: [30, 40],
  range: { min: 18, max: null },
} as Fields[number];
const plan = {
  ...base,
  kind: "categorical",
  name: "plan",
  categories: ["a.b", "c"],
  otherCategories: ["d"],
} as Fields[number];
const score = { ...age, target: "prediction", name: "score", boundaries: [0.5] } as Fields[number];

const profile = (name: string, fields: Fields) =>
  ({ model: { name, version: "1", type: "classification" }, fields }) as unknown as Profile;

interface Config {
  readonly connectors: {
    readonly signal_to_metrics: {
      readonly logs: readonly {
        name: string;
        attributes: { key: string; default_value?: string }[];
        conditions: string[];
        histogram?: { buckets: number[]; value: string };
      }[];
    };
  };
  readonly processors: Record<string, { log_statements?: { conditions: string[]; statements: string[] }[] }>;
}

const configOf = (...profiles: readonly Profile[]) => parse(collectorConfig(profiles)) as Config;

test("a numeric feature is a histogram on the profile's boundaries, named by a constant", () => {
  const found = configOf(profile("churn", [age])).connectors.signal_to_metrics.logs.find(
    ({ name }) => name === "ml.feature.value",
  );
  assert.deepEqual(found?.histogram, { buckets: [30, 40], value: 'Double(attributes["ml.inference.inputs"]["age"])' });
  assert.deepEqual(found.attributes.at(-1), { key: "ml.feature.name", default_value: "age" });
});

test("each kind of field has the metrics that the instrumentation would send", () => {
  const names = configOf(profile("churn", [age, plan, score])).connectors.signal_to_metrics.logs.map(
    ({ name }) => name,
  );
  assert.deepEqual(names, [
    "ml.inference.predictions",
    "ml.prediction.labels",
    "ml.prediction.score",
    "ml.feature.values",
    "ml.feature.value",
    "ml.feature.values",
    "ml.feature.categories",
  ]);
});

test("only events of the model are counted, and each model has its own states", () => {
  const config = configOf(profile("churn", [age]), profile('odd "name"', [plan]));
  for (const { conditions } of config.connectors.signal_to_metrics.logs) {
    assert.match(conditions[0]!, /^event_name == "ml.inference.details" and attributes\["ml.model.name"\] == /);
  }
  const groups = config.processors["transform/value_states"]!.log_statements!;
  assert.deepEqual(
    groups.map(({ conditions }) => conditions[0]),
    ['log.attributes["ml.model.name"] == "churn"', 'log.attributes["ml.model.name"] == "odd \\"name\\""'],
  );
});

test("a limit that the profile does not have is not asked for", () => {
  const [, , , range] = featureStatements(age);
  assert.match(range!, /< 18/);
  assert.doesNotMatch(range!, />/);
  const open = featureStatements({ ...age, range: { min: null, max: null } } as Fields[number]);
  assert.equal(open.length, 3);
});

test("categories are matched as texts, whatever a regular expression would make of them", () => {
  const statements = featureStatements(plan).join("\n");
  assert.ok(statements.includes(JSON.stringify("^(?:a\\.b|c)$")));
  assert.ok(statements.includes(JSON.stringify("^(?:a\\.b|c|d)$")));
});
