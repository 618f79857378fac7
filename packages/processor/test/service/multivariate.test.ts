import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const DAY_MS = 24 * HOUR_MS;
const ROWS_A_DAY = 400;
const FINISH = '{"finish": true}';

let seed = 11;
/** Nearly normal, from twelve uniform numbers. */
function normal(): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    sum += seed / 2 ** 32;
  }
  return sum - 6;
}

interface Row {
  readonly time: number;
  readonly distance: number;
  readonly air_time: number;
  readonly taxi: number;
}

/** Air time follows distance and taxi nothing; where it is broken, air time and taxi have changed places. */
function someRows(day: number, count: number, isBroken = false, correlation = 0.95): Row[] {
  return Array.from({ length: count }, (_, i) => {
    const distance = normal();
    const follows = correlation * distance + Math.sqrt(1 - correlation ** 2) * normal();
    const free = normal();
    const [air_time, taxi] = isBroken ? [free, follows] : [follows, free];
    return { time: MONDAY_MS + day * DAY_MS + Math.floor((i * DAY_MS) / count), distance, air_time, taxi };
  });
}

function recordOf({ time, ...inputs }: Row, index: number): object {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  return {
    timeUnixNano: `${BigInt(time) * 1_000_000n}`,
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: [
      text("ml.model.name", "flight-delay"),
      text("ml.model.version", "1"),
      text("ml.inference.id", `p-${index}`),
      { key: "ml.prediction.value", value: { doubleValue: 1 } },
      {
        key: "ml.inference.inputs",
        value: {
          kvlistValue: {
            values: Object.entries(inputs).map(([key, doubleValue]) => ({ key, value: { doubleValue } })),
          },
        },
      },
    ],
  };
}

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-multivariate-"));
  const path = join(folder, "reference.jsonl");
  const rows = Array.from({ length: 10 }, (_, day) => someRows(day - 12, 500)).flat();
  writeFileSync(
    path,
    rows.map(({ time, ...row }) => JSON.stringify({ ...row, time: new Date(time).toISOString() })).join("\n"),
  );
  profile = await buildProfile({
    path,
    model: { name: "flight-delay", version: "1", type: "regression" },
    time: "time",
    features: { distance: "numeric", air_time: "numeric", taxi: "numeric" },
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("values that changed places are found in all features together, and named, while no single one drifts", async (t) => {
  const records = [...someRows(0, ROWS_A_DAY), ...someRows(1, ROWS_A_DAY, true)].map(recordOf);
  const results: Measurement[][] = [];
  for (const sent of [[records], [records.slice(300).reverse(), records, records.slice(0, 50)]]) {
    const processor = await startTestProcessor(t, { profile });
    for (const part of sent) assert.equal((await processor.post("/v1/logs", logRequest(part))).status, 200);
    await processor.post("/v1/replay", FINISH);
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    results.push(measurements.map((each) => ({ ...each, revision: 0 })));
    if (results.length === 2) {
      const metrics = await (await fetch(`${processor.url}/metrics`)).text();
      assert.match(metrics, /^ml_data_quality_correlation\{.*ml_feature_pair="air_time ~ distance".*\} -?0\.\d+/m);
      assert.match(metrics, /^ml_drift_reconstruction_error\{.*ml_estimate_bound="upper".*\} \d/m);
      assert.match(
        metrics,
        /^ml_monitor_status\{.*ml_monitor_state="critical".*ml_monitor_target="multivariate".*\} 1/m,
      );
    }
    await processor.close();
  }
  const isOwn = ({ target }: Measurement) => target.name === "multivariate";
  assert.deepEqual(
    results[1]!.filter(isOwn),
    results[0]!.filter(isOwn),
    "any order and repetition gives the same bits",
  );

  const severities = results[0]!.filter(
    ({ metric, attributes }) => metric === "ml.drift.severity" && attributes["ml.drift.reading"] === "window",
  );
  const stateOf = (name: string) => severities.filter(({ target }) => target.name === name).map(({ state }) => state);
  assert.deepEqual(stateOf("multivariate"), ["ok", "critical"]);
  for (const feature of ["distance", "air_time", "taxi"]) assert.deepEqual(stateOf(feature), ["ok", "ok"], feature);
  const critical = severities.find(({ target, state }) => target.name === "multivariate" && state === "critical")!;
  assert.match(critical.evidence.note, /(distance|air_time|taxi) and (distance|air_time|taxi) had a correlation of/);

  const qualityOf = (rule: string) =>
    results[0]!.filter(({ attributes }) => attributes["ml.data_quality.rule"] === rule);
  const [pair, ...later] = qualityOf("correlation");
  assert.deepEqual([pair!.target.name, pair!.state, later.length], ["air_time ~ distance", "ok", 1]);
  assert.ok(pair!.lower! < 0.95 && pair!.upper! > 0.93, `${pair!.lower} to ${pair!.upper}`);
  assert.equal(later[0]!.state, "critical");
  assert.match(later[0]!.evidence.note, /^air_time and distance moved together, 0\.9\d+, now -?0\.\d+$/);
  assert.deepEqual(
    qualityOf("multivariate_outlier").map(({ state, target }) => [state, target.name]),
    [
      ["ok", "multivariate"],
      ["critical", "multivariate"],
    ],
  );

  const [before, now] = results[0]!.filter(({ metric }) => metric === "ml.drift.reconstruction_error");
  const { reference } = before!.evidence.numbers;
  assert.ok(Math.abs(before!.value! - reference!) < 0.1, `${before!.value} beside ${reference}`);
  assert.ok(now!.lower! > Math.max(reference!, before!.upper!), `${now!.lower} above ${before!.upper}`);
});

test("a relation that loosens too little for any single day is found by the days together, restarted or not", async (t) => {
  const days = Array.from({ length: 20 }, (_, day) => someRows(day, ROWS_A_DAY, false, 0.937));
  const records = days.flat().map(recordOf);
  const readings: Measurement[][] = [];
  for (const isRestarted of [false, true]) {
    let processor = await startTestProcessor(t, { profile });
    const half = records.length / 2;
    await processor.post("/v1/logs", logRequest(records.slice(0, half)));
    await processor.post("/v1/replay", FINISH);
    assert.equal((await readingsOf(processor, "stream")).length, 10);
    if (isRestarted) processor = await processor.restart();
    await processor.post("/v1/logs", logRequest(records.slice(half)));
    await processor.post("/v1/replay", FINISH);
    const windows = await readingsOf(processor, "window");
    assert.ok(windows.every(({ state }) => state !== "critical"));
    const exposed = await (await fetch(`${processor.url}/metrics`)).text();
    assert.match(exposed, /^ml_drift_severity_ratio\{.*ml_drift_reading="stream",ml_drift_target="dataset".*\} [1-9]/m);
    assert.match(exposed, /^ml_monitor_status\{.*ml_monitor_state="critical",ml_monitor_target="multivariate".*\} 1$/m);
    readings.push((await readingsOf(processor, "stream")).map((each) => ({ ...each, revision: 0 })));
    await processor.close();
  }
  const last = readings[0]!.at(-1)!;
  assert.equal(last.state, "critical", JSON.stringify(last.evidence));
  assert.match(last.evidence.note, /^gathered most (along|in) /);
  assert.deepEqual(readings[1], readings[0]);
});

test("all features together are held against windows before, in words", async (t) => {
  const references = ["training", "previous", "rolling"];
  const models = [{ name: "flight-delay", profile: "profile.json", windows: ["24h"], drift: { references } }];
  const processor = await startTestProcessor(t, { profile, config: { models } });
  const days = [false, false, true, true].flatMap((isBroken, day) => someRows(day, ROWS_A_DAY, isBroken));
  await processor.post("/v1/logs", logRequest(days.map(recordOf)));
  await processor.post("/v1/replay", FINISH);
  const readings = await readingsOf(processor, "window");
  const against = (reference: string | undefined) =>
    readings.filter(({ attributes }) => attributes["ml.drift.reference"] === reference);
  const states = (reference: string | undefined) => against(reference).map(({ state }) => state);
  assert.deepEqual(states(undefined), ["ok", "ok", "critical", "critical"]);
  assert.deepEqual(states("previous"), ["insufficient_data", "ok", "critical", "ok"], "a lasting change is told once");
  assert.deepEqual(states("rolling"), ["insufficient_data", "ok", "critical", "critical"]);
  assert.match(
    against("rolling")[2]!.evidence.note,
    /^changed most .*; held against the last windows: 2 windows with 800 rows$/,
  );
});

/** The severities of all features together, day by day. */
async function readingsOf(processor: TestProcessor, reading: "window" | "stream"): Promise<Measurement[]> {
  const query = "/v1/measurements?kind=dataset&target=multivariate&metric=ml.drift.severity";
  const { measurements } = await processor.json<{ measurements: Measurement[] }>(query);
  return measurements.filter(({ attributes }) => attributes["ml.drift.reading"] === reading);
}

test("drift.multivariateRows bounds the rows, and 0 turns the verdict off", async (t) => {
  const records = someRows(0, ROWS_A_DAY).map(recordOf);
  const found = async (multivariateRows: number) => {
    const models = [{ name: "flight-delay", profile: "profile.json", windows: ["24h"], drift: { multivariateRows } }];
    const processor = await startTestProcessor(t, { profile, config: { models } });
    await processor.post("/v1/logs", logRequest(records));
    await processor.post("/v1/replay", FINISH);
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    await processor.close();
    return measurements.filter(({ target }) => target.name === "multivariate").map(({ count }) => count);
  };
  assert.deepEqual(new Set(await found(150)), new Set([150]));
  assert.deepEqual(await found(0), []);
});

test("a feature that is ignored, or that no record names, is left out with what it has a part in", async (t) => {
  const broken = someRows(0, ROWS_A_DAY, true);
  const found = async (records: readonly object[], ignore: readonly string[]) => {
    const models = [{ name: "flight-delay", profile: "profile.json", windows: ["24h"], drift: { ignore } }];
    const processor = await startTestProcessor(t, { profile, config: { models } });
    await processor.post("/v1/logs", logRequest(records));
    await processor.post("/v1/replay", FINISH);
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    await processor.close();
    const own = measurements.filter(
      ({ target, attributes }) =>
        (target.name === "multivariate" && attributes["ml.drift.reading"] !== "stream") || target.name.includes(" ~ "),
    );
    return Object.fromEntries(
      own.map(({ metric, state, evidence }) => [metric, [state, evidence.numbers["directions"]]]),
    );
  };
  const whole = await found(broken.map(recordOf), []);
  const ignored = await found(broken.map(recordOf), ["taxi"]);
  assert.equal(whole["ml.drift.severity"]![1], 41);
  assert.equal(ignored["ml.drift.severity"]![0], "critical");
  assert.ok(Number(ignored["ml.drift.severity"]![1]) < 41, "directions that mix taxi in are not looked along");
  assert.equal(ignored["ml.drift.reconstruction_error"], undefined);
  assert.equal(ignored["ml.data_quality.share"], undefined);
  const untold = broken.map(({ taxi: _taxi, ...rest }, index) => recordOf(rest as Row, index));
  assert.deepEqual(await found(untold, []), ignored, "as if it were ignored");
  const alone = await found(broken.map(recordOf), ["taxi", "distance"]);
  assert.deepEqual(Object.keys(alone), ["ml.drift.severity"]);
  assert.equal(alone["ml.drift.severity"]![0], "insufficient_data");
});
