import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createConnectTopics } from "../../src/kafka/connect-topics.ts";
import { testConfig } from "../service/start-test-processor.ts";

test("a secret that cannot be read is told by its field, before anything starts", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "empty"), "\n");
  const brokers = ["127.0.0.1:1"];
  const sasl = { mechanism: "SCRAM-SHA-512", user: "tide" };
  for (const [security, message] of [
    [{ sasl: { ...sasl, passwordFile: "missing" } }, /kafka\.sasl\.passwordFile .*missing cannot be read/],
    [{ sasl: { ...sasl, passwordFile: "empty" } }, /kafka\.sasl\.passwordFile .*empty is empty/],
    [{ tls: { authorities: "ca.pem" } }, /kafka\.tls\.authorities .*ca\.pem cannot be read/],
  ] as const) {
    const { kafka } = testConfig({ kafka: { brokers, ...security } });
    await assert.rejects(createConnectTopics(kafka, folder), { code: "TIDEMARK_CONFIG_INVALID", message });
  }
});

test("where no broker answers, connecting is refused in seconds and leaves nothing behind", async () => {
  const { kafka } = testConfig({ kafka: { brokers: ["127.0.0.1:1"] } });
  const connect = await createConnectTopics(kafka, ".");
  await assert.rejects(connect!(), /127\.0\.0\.1:1|connect/i);
});
