import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { testProfile } from "../../packages/processor/test/service/test-profile.ts";
import { type ProcessorProcess, startProcessorProcess } from "../processor/processor-process.ts";
import { CLICKHOUSE_PASSWORD, CLICKHOUSE_USER } from "./click-house-process.ts";
import { MODELS } from "./make-messages.ts";

export const TOPIC = "tidemark.logs";

/** The least that a broker takes: a killed replica's partitions are free after it. */
const SESSION = "6s";

/** A processor of the models under replay, in its own folder. */
function start(folder: string, config: Readonly<Record<string, unknown>>): Promise<ProcessorProcess> {
  mkdirSync(folder, { recursive: true });
  for (const model of MODELS) writeFileSync(path.join(folder, `${model}.json`), JSON.stringify(testProfile(model)));
  const charts = [{ metric: "ml.performance.accuracy", window: "1h", learn: 8 }];
  const models = MODELS.map((name) => ({ name, profile: `${name}.json`, windows: ["1h", "24h"], charts }));
  return startProcessorProcess({ folder, config: { clock: { mode: "replay" }, models, ...config } });
}

/** One with its embedded store, alone. */
export function startSingle(folder: string): Promise<ProcessorProcess> {
  return start(folder, {});
}

/** One of several on a ClickHouse server and a Kafka. */
export function startReplicaProcess(
  folder: string,
  at: { clickHouse: string; kafka: string },
): Promise<ProcessorProcess> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "password"), CLICKHOUSE_PASSWORD);
  return start(folder, {
    store: { path: "kept", url: at.clickHouse, user: CLICKHOUSE_USER, passwordFile: "password" },
    kafka: { brokers: [at.kafka], topics: { logs: TOPIC }, sessionTimeout: SESSION },
  });
}
