import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import { createIngestCounters } from "../../src/pipeline/ingest-counters.ts";
import { createMonitoredModels, type MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { createRecordRouter } from "../../src/pipeline/route-records.ts";
import { createSeriesGuard } from "../../src/pipeline/series-guard.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

function createRouter(records: "logs" | "spans" = "logs") {
  const counters = createIngestCounters();
  const unknown: string[] = [];
  const clock = { ms: 0 };
  const model: MonitoredModel = {
    config: { ...testConfig().models[0]!, records },
    configId: "c",
    profile: testProfile(),
    features: new Set(["distance", "origin"]),
  };
  const router = createRecordRouter({
    models: createMonitoredModels([model]),
    counters,
    series: createSeriesGuard(() => clock.ms),
    onUnknown: (kind, name) => unknown.push(`${kind} ${name}`),
  });
  const counted = () =>
    counters.list().map(({ record, result, reason, count }) => `${record} ${result} ${reason} ${count}`);
  return { router, unknown, counted, clock };
}

const prediction = { tenant: "default", model: "flight-delay", inputs: { distance: 1 } } as unknown as PredictionRecord;
const outcome = { tenant: "default", model: "flight-delay" } as unknown as OutcomeRecord;
const point = { tenant: "default", model: "flight-delay", feature: "distance" } as unknown as MetricPoint;

test("records of an unknown model are counted and not stored", () => {
  const { router, unknown, counted } = createRouter();
  const other = { model: "churn" };
  assert.deepEqual(router.predictions([prediction, { ...prediction, ...other }], "logs"), [prediction]);
  assert.deepEqual(router.outcomes([{ ...outcome, ...other }, outcome]), [outcome]);
  assert.deepEqual(router.points([{ ...point, ...other }]), []);
  assert.deepEqual(counted(), [
    "outcome ignored unknown_model 1",
    "point ignored unknown_model 1",
    "prediction ignored unknown_model 1",
  ]);
  assert.deepEqual(unknown, ["model churn", "model churn", "model churn"]);
});

test("a model's predictions come from one source, never from two", () => {
  const logs = createRouter("logs");
  assert.deepEqual(logs.router.predictions([prediction], "spans"), []);
  assert.deepEqual(logs.counted(), ["prediction ignored other_source 1"]);
  const spans = createRouter("spans");
  assert.deepEqual(spans.router.predictions([prediction], "spans"), [prediction]);
  assert.deepEqual(spans.router.predictions([prediction], "logs"), []);
});

test("an unknown feature is counted; its point is left out, a prediction with it is kept", () => {
  const { router, unknown, counted } = createRouter();
  const vectors = { origin: Float32Array.of(1), image: Float32Array.of(2) };
  const record = { ...prediction, inputs: { distance: 1, speed: 2 }, vectors };
  assert.deepEqual(router.predictions([record], "logs"), [record]);
  assert.deepEqual(router.points([{ ...point, feature: "speed" }, point]), [point]);
  assert.deepEqual(counted(), ["other ignored unknown_feature 2", "point ignored unknown_feature 1"]);
  assert.deepEqual(
    unknown,
    ["speed", "image", "speed"].map((name) => `feature flight-delay.${name}`),
  );
});

test("a sender that makes up versions is held to a bound; those known before it go on", () => {
  const { router, unknown, counted } = createRouter();
  const made = Array.from({ length: 1_200 }, (_, index) => ({ ...prediction, version: `v${index}` }));
  assert.equal(router.predictions(made, "logs").length, 1_000);
  assert.equal(router.predictions(made.slice(0, 10), "logs").length, 10);
  assert.deepEqual(counted(), ["prediction ignored too_many_versions 200"]);
  assert.equal(unknown[0], "version flight-delay v1000");
});

test("a sender that makes up series is held to a bound, which an hour later is new", () => {
  const { router, counted, clock } = createRouter();
  const made = Array.from({ length: 100_200 }, (_, index) => ({ ...point, series: `${index}` }));
  assert.equal(router.points(made).length, 100_000);
  assert.equal(router.points(made.slice(0, 10)).length, 10);
  assert.deepEqual(counted(), ["point ignored too_many_series_of_model 200"]);
  clock.ms = 3_600_000;
  assert.equal(router.points(made.slice(-10)).length, 10);
});

test("points of the process itself are kept: they name a service, not a model", () => {
  const process = { ...point, model: "", feature: "" };
  assert.deepEqual(createRouter().router.points([process]), [process]);
});

test("a sender that makes up processes is held to the same bound, each tenant by itself", () => {
  const { router, counted } = createRouter();
  const process = { ...point, model: "", feature: "" };
  const made = Array.from({ length: 100_200 }, (_, index) => ({ ...process, series: `${index}` }));
  assert.equal(router.points(made).length, 100_000);
  assert.equal(router.points([{ ...made.at(-1)!, tenant: "acme" }]).length, 1);
  assert.deepEqual(counted(), ["point ignored too_many_series_of_model 200"]);
});
