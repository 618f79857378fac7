import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { contentHash } from "@tidemark/schema";
import { loadModels } from "../../src/pipeline/load-models.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "tidemark-models-"));
});
after(() => rm(directory, { recursive: true, force: true }));

async function load(content: string) {
  await writeFile(join(directory, "profile.json"), content);
  return loadModels(testConfig(), directory);
}

test("a model comes with its profile, its features and the hash of its configuration", async () => {
  const models = await load(JSON.stringify(testProfile()));
  const model = models.find("default", "flight-delay")!;
  assert.deepEqual([...model.features], ["distance", "origin"]);
  assert.equal(model.profile.id, testProfile().id);
  assert.equal(model.configId, contentHash(testConfig().models[0]));
});

test("a profile that is torn, altered or of another model is refused with its path and the reason", async () => {
  const { id, ...content } = testProfile();
  const renamed = { ...content, model: { ...content.model, name: "churn" } };
  const rows: [content: string, message: RegExp][] = [
    ["{", /cannot read the profile .*profile\.json/],
    ["{}", /is not a profile: at format/],
    [JSON.stringify({ ...content, positiveLabel: "on_time", id }), /was altered: .*hashes to sha256:/],
    [JSON.stringify({ ...renamed, id: contentHash(renamed) }), /profile of the model "churn"/],
  ];
  for (const [text, message] of rows) {
    await assert.rejects(load(text), { code: "TIDEMARK_PROFILE_UNREADABLE", message });
  }
  await rm(join(directory, "profile.json"));
  await assert.rejects(loadModels(testConfig(), directory), { code: "TIDEMARK_PROFILE_UNREADABLE", message: /ENOENT/ });
});

test("a misspelt name in the configuration is refused with its place and the nearest name; one that is near nothing is told", async () => {
  await writeFile(join(directory, "profile.json"), JSON.stringify(testProfile()));
  const config = testConfig();
  const [model] = config.models;
  const withDrift = (ignore: string[]) => ({
    ...config,
    models: [{ ...model!, drift: { ...model!.drift, ignore }, quality: { allowed: { orign: { missing: 1 } } } }],
  });
  await assert.rejects(loadModels(withDrift(["distanse"]), directory), {
    code: "TIDEMARK_CONFIG_INVALID",
    message:
      /models\[0\]\.drift\.ignore\[0\]: "distanse" is no feature of the profile; did you mean "distance"\?\n.*quality\.allowed\.orign: .*"origin"/,
  });
  const hints: string[] = [];
  const ignoring = { ...config, models: [{ ...model!, drift: { ...model!.drift, ignore: ["customer_id"] } }] };
  const models = await loadModels(ignoring, directory, ({ path, message }) => hints.push(`${path}: ${message}`));
  assert.equal(models.list().length, 1);
  assert.deepEqual(hints, ['models[0].drift.ignore[0]: "customer_id" is no feature of the profile']);
});
