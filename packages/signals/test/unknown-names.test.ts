import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { unknownNames } from "@tidemark/signals";

const field = (target: string, name: string, kind: string) => ({ target, name, kind });
const PROFILE = {
  model: { name: "delay", version: "1", type: "classification" },
  positiveLabel: "late",
  fields: [
    field("feature", "airport", "categorical"),
    field("feature", "distance", "numeric"),
    field("prediction", "score", "numeric"),
    { ...field("outcome", "label", "categorical"), categories: ["late", "on_time"], otherCategories: [] },
  ],
  embeddings: [{ name: "route_vector" }],
} as unknown as Profile;

const found = (settings: object) =>
  unknownNames(modelConfigSchema.parse({ name: "delay", profile: "p.json", ...settings }), PROFILE).map(
    ({ path, message, isSlip }) => `${isSlip ? "slip" : "hint"} ${path}: ${message}`,
  );

test("names that the profile has are said nothing of, nor are those that records may declare", () => {
  const settings = {
    drift: { ignore: ["distance", "route_vector"] },
    quality: {
      pattern: { airport: "[A-Z]{3}" },
      allowed: { airport: { missing: 0.1 }, multivariate: { multivariate_outlier: 0.1 }, rows: { duplicate: 0.2 } },
    },
    performance: { levels: { f1_score: { warning: 0.5 } }, value: { late: { late: 1, on_time: -1 } } },
    segments: ["airport", "carrier"],
    charts: [
      { metric: "ml.performance.accuracy", target: "accuracy", window: "24h" },
      { metric: "ml.performance.accuracy", target: "accuracy by carrier" },
    ],
  };
  assert.deepEqual(found(settings), []);
});

test("a misspelt name is a slip wherever the profile knows all names, and names the nearest", () => {
  const settings = {
    drift: { ignore: ["distanse", "route_vektor"] },
    quality: {
      pattern: { airprot: "[A-Z]{3}" },
      allowed: { multivarate: { missing: 0.1 }, airpport: { missing: 0.1 } },
    },
    performance: { levels: { acuracy: { warning: 0.5 } }, value: { lat: { late: 1, ontime: 0 } } },
  };
  assert.deepEqual(found(settings), [
    'slip drift.ignore[0]: "distanse" is no feature of the profile; did you mean "distance"?',
    'slip drift.ignore[1]: "route_vektor" is no feature of the profile; did you mean "route_vector"?',
    'slip quality.pattern.airprot: "airprot" is no categorical feature of the profile; did you mean "airport"?',
    'slip quality.allowed.multivarate: "multivarate" is no feature of the profile; did you mean "multivariate"?',
    'slip quality.allowed.airpport: "airpport" is no feature of the profile; did you mean "airport"?',
    'slip performance.levels.acuracy: "acuracy" is no score that is held against a line; did you mean "accuracy"?',
    'slip performance.value.lat: "lat" is no class of the profile\'s outcome; did you mean "late"?',
    'slip performance.value.lat.ontime: "ontime" is no class of the profile\'s outcome; did you mean "on_time"?',
  ]);
});

test("a name that is near nothing is told, and no slip: several models may share a list", () => {
  assert.deepEqual(found({ drift: { ignore: ["customer_id"] }, quality: { pattern: { distance: "[0-9]+" } } }), [
    'hint drift.ignore[0]: "customer_id" is no feature of the profile',
    'hint quality.pattern.distance: "distance" is no categorical feature of the profile',
  ]);
});

test("a segment or a chart's target close to a known name makes suspect, no more; a chart of a window that is not judged is wrong", () => {
  const charts = [{ metric: "ml.performance.accuracy", target: "acuracy", window: "12h" }];
  assert.deepEqual(found({ segments: ["airprt"], charts }), [
    'hint segments[0]: "airprt" is no feature of the profile; did you mean "airport"?',
    'hint charts[0].target: "acuracy" is no feature or score that is known; did you mean "accuracy"?',
    'slip charts[0].window: "12h" is no window that is judged, which are 24h, 7d',
  ]);
});
