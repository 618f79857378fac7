import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, predictionRecord } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";

const ROWS_AN_HOUR = 80;
/** Hours that New York's clock is ahead of UTC. */
const WINTER = -5;
const SUMMER = -4;
const DAY_MS = 24 * HOUR_MS;
/** Monday, three weeks of which are the reference; summer time begins on 1 April. */
const MARCH_MS = Date.UTC(2001, 2, 5);

let seed = 5;
function uniform(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

/** Distances that follow the clock on the wall: near at six in the morning, far at six in the evening. */
function someRows(fromMs: number, hours: number, clock: number) {
  return Array.from({ length: hours * ROWS_AN_HOUR }, (_, index) => {
    const timeMs = fromMs + Math.floor((index * HOUR_MS) / ROWS_AN_HOUR);
    const hour = (Math.floor(timeMs / HOUR_MS) + clock) % 24;
    const usual = 500 - 400 * Math.sin((2 * Math.PI * hour) / 24);
    return { id: `p-${timeMs}`, timeMs, score: uniform(), distance: usual + 200 * uniform() };
  });
}

test("a reference of the winter holds in summer where the profile names the time zone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-summer-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "winter.jsonl");
  const reference = someRows(MARCH_MS, 21 * 24, WINTER);
  const line = ({ timeMs, distance }: (typeof reference)[number]) =>
    JSON.stringify({ time: new Date(timeMs).toISOString(), distance });
  writeFileSync(path, reference.map(line).join("\n"));
  const requests = [someRows(MARCH_MS + 24 * DAY_MS, 24, WINTER), someRows(MARCH_MS + 29 * DAY_MS, 24, SUMMER)].map(
    (rows) => logRequest(rows.map(predictionRecord)),
  );

  const statesOf = async (timeZone: string | undefined) => {
    const profile = await buildProfile({
      path,
      model: { name: "flight-delay", version: "1", type: "classification" },
      time: "time",
      timeZone,
      features: { distance: "numeric" },
    });
    assert.equal(profile.timeZone, timeZone);
    const processor = await startTestProcessor(t, { profile });
    for (const request of requests) assert.equal((await processor.post("/v1/logs", request)).status, 200);
    await processor.post("/v1/replay", '{"finish": true}');
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    await processor.close();
    return measurements
      .filter(({ metric, attributes }) => metric === "ml.drift.severity" && attributes["ml.drift.reading"] === "window")
      .filter(({ target, state }) => target.name === "distance" && state !== "insufficient_data")
      .map(({ state }) => state);
  };
  assert.deepEqual(await statesOf("America/New_York"), ["ok", "ok"]);
  assert.deepEqual(await statesOf(undefined), ["ok", "critical"], "in UTC every hour of the summer is another one");
});
