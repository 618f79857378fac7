import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { ProfileJson } from "@tidemark/instrumentation";
import { ProfileFetcher } from "../../src/profile/profile-fetcher.ts";
import { PROFILE } from "../harness.ts";
import { startProfileServer } from "./profile-server.ts";

const MODEL = PROFILE.model.name;

function cacheOf(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-profiles-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, "cache");
}

async function serve(context: TestContext, answer: () => ProfileJson | number) {
  const server = await startProfileServer(answer);
  context.after(server.close);
  return server;
}

function fetcherOf(processorUrl: string, cacheFolder: string | null = null): ProfileFetcher {
  return new ProfileFetcher({ processorUrl, headers: { "x-key": "k" }, cacheFolder, firstRetryMs: 1, maxRetryMs: 4 });
}

const follow = (fetcher: ProfileFetcher) => new Promise<ProfileJson>((resolve) => fetcher.follow(MODEL, resolve));

/** Runs until something is so. */
async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!isTrue() && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(isTrue());
}

describe("ProfileFetcher", () => {
  it("gets the profile by which the processor judges the model, with the given headers", async (context) => {
    const server = await serve(context, () => PROFILE);
    assert.deepEqual(await follow(fetcherOf(`${server.url}/`)), PROFILE);
    assert.deepEqual(
      server.asked.map(({ url, headers }) => [url, headers["x-key"]]),
      [
        ["/v1/profiles", "k"],
        ["/v1/profiles/sha256%3Atest", "k"],
      ],
    );
  });

  it("tries again until the processor answers and judges the model", async (context) => {
    const answers: (ProfileJson | number)[] = [503, 401, { ...PROFILE, model: { name: "other" } }];
    const server = await serve(context, () => answers.shift() ?? PROFILE);
    assert.deepEqual(await follow(fetcherOf(server.url)), PROFILE);
    assert.equal(server.asked.length, 5);
  });

  it("keeps what came for the next start, and then asks only whether it still holds", async (context) => {
    const cache = cacheOf(context);
    let active: ProfileJson = PROFILE;
    const server = await serve(context, () => active);
    await follow(fetcherOf(server.url, cache));
    await until(() => readdirSync(cache, { encoding: "utf8" }).includes("flights.profile.json"));
    assert.deepEqual(readdirSync(cache), ["flights.profile.json"]);

    const kept = fetcherOf(server.url, cache).follow(MODEL, () => assert.fail("it is the same"));
    assert.deepEqual(kept, PROFILE);
    await until(() => server.asked.length === 3);
    assert.equal(server.asked.at(-1)?.url, "/v1/profiles");

    active = { ...PROFILE, id: "sha256:new" };
    assert.equal((await follow(fetcherOf(server.url, cache))).id, "sha256:new");
    await until(() => readFileSync(path.join(cache, "flights.profile.json"), "utf8").includes("sha256:new"));
  });

  it("starts with what was kept while no processor is there", (context) => {
    const cache = cacheOf(context);
    const fetcher = fetcherOf("http://127.0.0.1:9", cache);
    assert.equal(
      fetcher.follow(MODEL, () => assert.fail("nobody answers")),
      undefined,
    );
    rmSync(cache, { recursive: true, force: true });
    const folder = path.dirname(cache);
    writeFileSync(path.join(folder, "flights.profile.json"), JSON.stringify(PROFILE));
    assert.deepEqual(
      fetcherOf("http://127.0.0.1:9", folder).follow(MODEL, () => assert.fail("nobody answers")),
      PROFILE,
    );
  });

  it("does without a kept profile that is corrupt or of another model", async (context) => {
    const folder = path.dirname(cacheOf(context));
    const server = await serve(context, () => PROFILE);
    for (const text of ["{", "null", JSON.stringify({ ...PROFILE, model: { name: "other" } })]) {
      writeFileSync(path.join(folder, "flights.profile.json"), text);
      const came: ProfileJson[] = [];
      const kept = fetcherOf(server.url, folder).follow(MODEL, (profile) => came.push(profile));
      assert.equal(kept, undefined);
      await until(() => came.length === 1);
    }
  });

  it("cannot be led out of its folder by a model's name", async (context) => {
    const cache = cacheOf(context);
    const name = "../../evil";
    const profile = { ...PROFILE, model: { name } };
    const server = await serve(context, () => profile);
    await new Promise((resolve) => fetcherOf(server.url, cache).follow(name, resolve));
    await until(() => readdirSync(path.dirname(cache)).length > 0);
    await until(() => readdirSync(cache).join() === "..%2F..%2Fevil.profile.json");
  });
});
