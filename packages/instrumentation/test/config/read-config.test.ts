import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { readConfig } from "../../src/config/read-config.ts";

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-config-"));
after(() => rmSync(folder, { recursive: true }));

function configOf(yaml: string, env: Record<string, string> = {}) {
  const file = path.join(folder, "tidemark.yaml");
  writeFileSync(file, yaml);
  const { config, problems } = readConfig({ ...env, TIDEMARK_CONFIG: file });
  return { config, problems: problems.map((problem) => problem.replace(`${file}: `, "")) };
}

const WHOLE = `
libraries: [onnxruntime, tfjs]
metricsEndpoint: http://127.0.0.1:4319/v1/metrics
processor: http://127.0.0.1:4318
profileCache: cache
sampling:
  probability: 0.1
  by: trace
  strata: [{ label: late, segment: { origin: LAX }, scoreBetween: [0.4, 0.6], probability: 1 }]
  reservoir: { size: 100, intervalMs: 1000 }
hashKeyFile: key
temporality: delta
models:
  - match: { library: onnxruntime, model: flight-* }
    name: flight-delay
    version: 3
    type: classification
    role: shadow
    profile: flight.profile.json
    features: { origin: categorical }
    inputs: { features: [hour, null, distance], origin: origin, extra: ignore }
    score: { tensor: probabilities, column: 1 }
    label: label
    probabilities: probabilities
    classes: [on_time, late]
    segments: [origin]
    codes: { origin: [ATL, LAX] }
    events: { inputs: { distance: bucket } }
    spans: false
`;

describe("readConfig", () => {
  it("takes every key there is, with paths from the folder of the file", () => {
    const { config, problems } = configOf(WHOLE);
    assert.deepEqual(problems, []);
    assert.deepEqual([...config.libraries], ["onnxruntime", "tfjs"]);
    assert.deepEqual(
      [
        config.metricsEndpoint,
        config.processor,
        config.profileCache,
        config.sampling.probability,
        config.hashKeyFile,
        config.temporality,
      ],
      [
        "http://127.0.0.1:4319/v1/metrics",
        "http://127.0.0.1:4318",
        path.join(folder, "cache"),
        0.1,
        path.join(folder, "key"),
        "delta",
      ],
    );
    assert.deepEqual(config.sampling, {
      probability: 0.1,
      by: "trace",
      strata: [{ label: "late", segment: { origin: "LAX" }, scoreBetween: [0.4, 0.6], probability: 1 }],
      reservoir: { size: 100, intervalMs: 1_000 },
    });
    assert.deepEqual(config.models, [
      {
        match: { library: "onnxruntime", model: "flight-*" },
        name: "flight-delay",
        version: "3",
        type: "classification",
        role: "shadow",
        profile: path.join(folder, "flight.profile.json"),
        features: { origin: "categorical" },
        inputs: { features: ["hour", null, "distance"], origin: ["origin"], extra: "ignore" },
        score: { tensor: "probabilities", column: 1 },
        label: { tensor: "label", column: null },
        value: null,
        probabilities: "probabilities",
        classes: ["on_time", "late"],
        segments: ["origin"],
        codes: { origin: ["ATL", "LAX"] },
        events: { inputs: { distance: "bucket" } },
        spans: false,
      },
    ]);
  });

  it("names what is wrong by its path, with the nearest valid key or value, and goes on with the rest", () => {
    const rows: [string, RegExp][] = [
      ["model: []", /^model is not a key; did you mean models\?$/],
      ["models: [{ nmae: x }]", /^models\[0\]\.nmae is not a key; did you mean name\?$/],
      ["models: [{ bananas: x }]", /^models\[0\]\.bananas is not a key; valid here: match, name,/],
      [
        "models: [{ match: { library: onnxruntme } }]",
        /^models\[0\]\.match\.library is "onnxruntme", .* mean onnxruntime\?$/,
      ],
      ["libraries: [tfsj]", /^libraries\[0\] is "tfsj", expected one of .*; did you mean tfjs\?$/],
      ["sampling: { probability: 2 }", /^sampling\.probability is 2, expected a number above 0 and at most 1$/],
      ["models: [{ score: { column: 1 } }]", /^models\[0\]\.score is an object, expected the name of an output/],
      ["models: [{ inputs: { x: true } }]", /^models\[0\]\.inputs\.x is true, expected the name of a feature/],
      [
        "models: [{ score: { tensor: p, colum: 1 } }]",
        /^models\[0\]\.score\.colum is not a key; did you mean column\?$/,
      ],
      ["models: [{ events: true }]", /^models\[0\]\.events is true, expected false, or/],
      ["models: { name: x }", /^models is an object, expected a list$/],
      ["sampling: { reservoir: { size: 1.5 } }", /^sampling\.reservoir\.size is 1\.5, expected a whole number from 1$/],
      ["- a", /^the file is a list, expected an object with disabled, libraries,/],
    ];
    for (const [yaml, expected] of rows) {
      const { config, problems } = configOf(`${yaml}\n`);
      assert.equal(problems.length, 1, `${yaml}: ${problems.join("; ")}`);
      assert.match(problems[0]!, expected);
      assert.equal(config.libraries.size, yaml.startsWith("libraries") ? 0 : 4);
    }
  });

  it("goes on with the defaults where the file is missing or no YAML", () => {
    const missing = readConfig({ TIDEMARK_CONFIG: path.join(folder, "absent.yaml") });
    assert.match(missing.problems[0]!, /absent\.yaml cannot be read: .*ENOENT/);
    assert.equal(missing.config.models.length, 0);
    assert.match(configOf("a: [b").problems[0]!, /cannot be read: YAMLParseError/);
    assert.deepEqual(configOf("").problems, []);
  });

  it("puts the environment over the file", () => {
    const { config, problems } = configOf(WHOLE, {
      TIDEMARK_LIBRARIES: "open_inference",
      TIDEMARK_METRICS_ENDPOINT: "http://127.0.0.1:2",
      TIDEMARK_PROCESSOR_URL: "http://127.0.0.1:1",
      TIDEMARK_PROCESSOR_HEADERS: "authorization=Bearer%20secret",
      TIDEMARK_SAMPLING_PROBABILITY: "0.5",
      TIDEMARK_MODEL_VERSION: "2026-11-25",
      OTEL_SDK_DISABLED: "true",
    });
    assert.deepEqual(problems, []);
    assert.deepEqual([...config.libraries], ["open_inference"]);
    assert.deepEqual(
      [config.metricsEndpoint, config.processor, config.sampling.probability, config.isDisabled],
      ["http://127.0.0.1:2", "http://127.0.0.1:1", 0.5, true],
    );
    assert.deepEqual(config.processorHeaders, { authorization: "Bearer secret" });
    assert.deepEqual([config.models[0]?.name, config.models[0]?.version], ["flight-delay", "2026-11-25"]);
  });

  it("describes the only model from the environment alone", () => {
    const { config } = readConfig({ TIDEMARK_MODEL_NAME: "churn", TIDEMARK_MODEL_PROFILE: "/p.json" });
    assert.deepEqual(
      config.models.map(({ match, name, profile }) => ({ match, name, profile })),
      [{ match: { library: null, model: "*" }, name: "churn", profile: "/p.json" }],
    );
  });

  it("names slips in the environment", () => {
    const { problems } = readConfig({
      TIDEMARK_SAMPLING_PROBABILTY: "1",
      TIDEMARK_LIBRARIES: "onnx,tfsj",
      TIDEMARK_SAMPLING_PROBABILITY: "x",
      TIDEMARK_SOMETHING_ELSE_ALTOGETHER: "1",
    });
    assert.deepEqual(problems, [
      "TIDEMARK_SAMPLING_PROBABILTY is not a variable of ours; did you mean TIDEMARK_SAMPLING_PROBABILITY?",
      'TIDEMARK_SAMPLING_PROBABILITY is "x", expected a number above 0 and at most 1',
      'TIDEMARK_LIBRARIES names "onnx"; expected some of onnxruntime, tfjs, transformers, open_inference',
      'TIDEMARK_LIBRARIES names "tfsj"; did you mean tfjs?',
    ]);
  });
});
