import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../src/index.ts";

const minimal = { models: [{ name: "flight-delay", profile: "profile.json" }] };

test("five lines are a whole configuration, with loopback and the default windows", () => {
  const result = parseConfig(minimal);
  assert.ok(result.ok);
  assert.equal(result.config.server.host, "127.0.0.1");
  assert.deepEqual(result.config.models[0]?.windows, ["24h", "7d"]);
  assert.equal(result.config.models[0]?.outcomeHorizon, 40 * 86_400_000);
  assert.equal(result.config.clock.allowedLateness, 300_000);
});

test("a misspelt key is named with its path and the nearest valid name", () => {
  const rows: [unknown, string, string | null][] = [
    [{ ...minimal, sever: {} }, "sever", "server"],
    [{ ...minimal, server: { prot: 1 } }, "server.prot", "port"],
    [{ models: [{ ...minimal.models[0], window: ["1h"] }] }, "models[0].window", "windows"],
    [{ models: [{ ...minimal.models[0], drift: { treshold: 1 } }] }, "models[0].drift.treshold", "threshold"],
    [{ ...minimal, bananas: 1 }, "bananas", null],
  ];
  for (const [value, path, nearest] of rows) {
    const result = parseConfig(value);
    assert.ok(!result.ok);
    assert.equal(result.problems[0]?.path, path);
    assert.equal(result.problems[0]?.nearest, nearest);
  }
});

test("a wrong value is quoted beside what was expected", () => {
  const rows: [unknown, string, RegExp][] = [
    [{ models: [] }, "models", /found \[\]/],
    [{ models: [{ name: "m" }] }, "models[0].profile", /missing/],
    [{ ...minimal, clock: { allowedLateness: "five" } }, "clock.allowedLateness", /15s, 5m.*found "five"/],
    [{ models: [{ ...minimal.models[0], windows: ["7 days"] }] }, "models[0].windows[0]", /7d.*found "7 days"/],
    [
      { models: [{ ...minimal.models[0], quality: { pattern: { zip: "(?=1)[0-9]+" } } }] },
      "models[0].quality.pattern.zip",
      /RE2's syntax.*\(\?=/,
    ],
    [null, "(the whole file)", /found null/],
    ["text", "(the whole file)", /found "text"/],
  ];
  for (const [value, path, message] of rows) {
    const result = parseConfig(value);
    assert.ok(!result.ok);
    assert.equal(result.problems[0]?.path, path);
    assert.match(result.problems[0]?.message ?? "", message);
  }
});

test("topics are named by their brokers; what would send a password openly, or names half, is refused", () => {
  const kafka = { brokers: ["kafka-1:9092", "kafka-2:9092"] };
  const result = parseConfig({ ...minimal, kafka });
  assert.ok(result.ok);
  assert.deepEqual(result.config.kafka?.topics, { logs: "tidemark.logs", metrics: "tidemark.metrics" });
  assert.equal(result.config.kafka?.sessionTimeout, 30_000);
  const sasl = { mechanism: "PLAIN", user: "tide", passwordFile: "password" };
  const rows: [object, string, RegExp][] = [
    [{ brokers: [] }, "kafka.brokers", /found \[\]/],
    [{ brokers: ["kafka"] }, "kafka.brokers[0]", /host:port.*found "kafka"/],
    [{ ...kafka, topics: {} }, "kafka.topics", /a topic of logs, metrics or traces/],
    [{ ...kafka, topics: { logs: "a", metrics: "a" } }, "kafka.topics", /a topic of its own for each signal/],
    [{ ...kafka, sessionTimeout: "1s" }, "kafka.sessionTimeout", /at least 6s/],
    [{ ...kafka, sasl }, "kafka.sasl.mechanism", /kafka\.tls with the mechanism PLAIN/],
    [{ ...kafka, tls: { certificate: "c.pem" } }, "kafka.tls", /certificate and key together/],
  ];
  for (const [value, path, message] of rows) {
    const refused = parseConfig({ ...minimal, kafka: value });
    assert.ok(!refused.ok, path);
    assert.equal(refused.problems[0]?.path, path);
    assert.match(refused.problems[0]?.message ?? "", message);
  }
});

test("every problem of a file is reported, not only the first", () => {
  const result = parseConfig({ server: { port: "x" }, models: [{ name: "" }] });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map((problem) => problem.path),
    ["server.port", "models[0].name", "models[0].profile"],
  );
});

test("a ClickHouse server is named by its address; credentials stand in a file, and what is only for a server needs one", () => {
  const url = "https://clickhouse:8443";
  const server = { url, user: "tide", passwordFile: "password", database: "tidemark", cluster: "main" };
  assert.ok(parseConfig({ ...minimal, store: server }).ok);
  const rows: [object, string, RegExp][] = [
    [{ url: "https://tide:hunter2@clickhouse:8443" }, "store.url", /store\.passwordFile/],
    [{ url: "tcp://clickhouse:9000" }, "store.url", /http/],
    [{ user: "tide" }, "store.user", /store\.url/],
    [{ cluster: "main" }, "store.cluster", /store\.url/],
    [{ url, database: "a; DROP TABLE x" }, "store.database", /letters/],
    [{ url, password: "hunter2" }, "store.password", /passwordFile/],
  ];
  for (const [store, path, message] of rows) {
    const result = parseConfig({ ...minimal, store });
    assert.ok(!result.ok, path);
    assert.equal(result.problems[0]?.path, path);
    assert.match(result.problems[0]?.message ?? "", message);
    assert.ok(!result.problems[0]?.message.includes("hunter2"), result.problems[0]?.message);
  }
});
