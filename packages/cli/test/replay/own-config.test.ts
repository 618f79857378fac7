import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "@tidemark/schema";
import { ownConfig } from "../../src/replay/own-config.ts";

test("a replay or a backfill never touches the service's own store, not even one in a ClickHouse server", () => {
  const config = configSchema.parse({
    store: { url: "https://clickhouse:8443", user: "tide", cluster: "main", retention: "10d" },
    models: [{ name: "flight-delay", profile: "profile.json" }],
  });
  assert.deepEqual(ownConfig(config, "/own").store, {
    retention: 10 * 86_400_000,
    resultRetention: config.store.resultRetention,
    path: "/own/data",
    backups: "/own/backups",
  });
});
