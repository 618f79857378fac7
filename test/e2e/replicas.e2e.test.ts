// deploy/tidemark/replicas.yaml as plain processes: the real Collector, a real Kafka, two processors on one store, and one of them ends.
// The ClickHouse server is the HTTP front before the embedded engine (docs/scale.md).
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { Admin } from "@platformatic/kafka";
import { contentHash } from "@tidemark/schema";
import { parse } from "yaml";
import { type ProcessorProcess, startProcessorProcess } from "../../chaos/processor/processor-process.ts";
import {
  CLICKHOUSE_PASSWORD,
  CLICKHOUSE_USER,
  startClickHouseProcess,
} from "../../chaos/replicas/click-house-process.ts";
import { churnProfile, predictionEvent } from "./tools/churn-events.ts";
import { startKafka } from "./tools/kafka.ts";
import { sendEvents } from "./tools/otlp-json.ts";
import { poll } from "./tools/poll.ts";
import { startCollector } from "./tools/start-collector.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const HOUR_MS = 3_600_000;
/** More than the lateness that a window waits for. */
const LONG_PAST_MS = 1_800_000;
const ROWS = 300;
/** Enough that none of two replicas is likely to have them all: 1 in 2,000. */
const MODELS = Array.from({ length: 12 }, (_, index) => `churn-${index}`);

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-replicas-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The deployment's configuration with the addresses of this machine, its own folder, and models that there are. */
async function startReplica(name: string, at: { clickHouse: string; kafka: string }): Promise<ProcessorProcess> {
  const own = path.join(folder, name);
  mkdirSync(own);
  writeFileSync(path.join(own, "password"), CLICKHOUSE_PASSWORD);
  const { id: _id, ...churn } = await churnProfile(own);
  for (const model of MODELS) {
    const content = { ...churn, model: { ...churn.model, name: model } };
    writeFileSync(path.join(own, `${model}.json`), JSON.stringify({ ...content, id: contentHash(content) }));
  }
  const { store, kafka, models } = parse(readFileSync(path.join(ROOT, "deploy/tidemark/replicas.yaml"), "utf8")) as {
    store: object;
    kafka: object;
    models: [object];
  };
  return startProcessorProcess({
    folder: own,
    config: {
      store: { ...store, path: "data", url: at.clickHouse, user: CLICKHOUSE_USER, passwordFile: "password" },
      kafka: { ...kafka, brokers: [at.kafka], sessionTimeout: "6s" },
      models: MODELS.map((model) => ({ ...models[0], name: model, profile: `${model}.json`, windows: ["1h"] })),
    },
  });
}

/** The models that a replica emits measurements of. */
async function emitted({ url }: ProcessorProcess): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const names = [...text.matchAll(/^ml_window_sample_count\S*{[^}]*ml_model_name="([^"]+)"/gm)].map(
    (match) => match[1]!,
  );
  return [...new Set(names)].sort();
}

async function predictions({ url }: ProcessorProcess): Promise<number> {
  const { models } = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  return models.reduce((sum, model) => sum + model.predictions, 0);
}

test("two replicas of the deployment's example share the models out, answer for all of them, and the one that is left takes over", async () => {
  await using kafka = await startKafka(folder);
  await using clickHouse = await startClickHouseProcess(folder);
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafka.address] });
  const topics = ["tidemark.logs", "tidemark.metrics", "tidemark.traces"];
  await admin.createTopics({ topics, partitions: 24, replicas: 1 });
  await admin.close();
  const env = { TIDEMARK_KAFKA: kafka.address };
  await using collector = await startCollector({ configs: ["kafka-producer.yaml"], cwd: folder, env });
  const at = { clickHouse: clickHouse.url, kafka: kafka.address };
  const first = await startReplica("first", at);
  const second = await startReplica("second", at);
  const replicas = [first, second];
  try {
    // A whole window that ended so long ago that a record of now has the watermark beyond it, in the first minutes of an hour too.
    const hour = Math.floor((Date.now() - LONG_PAST_MS) / HOUR_MS) * HOUR_MS;
    for (const model of MODELS) {
      const more = { "ml.model.name": model };
      const rows = Array.from({ length: ROWS }, (_, row) =>
        predictionEvent(row, hour - HOUR_MS + row * 1_000, { ...more, "ml.inference.id": `${model}-${row}` }),
      );
      const now = predictionEvent(ROWS, Date.now(), { ...more, "ml.inference.id": `${model}-now` });
      await sendEvents(collector.url, [...rows, now]);
    }
    const sent = MODELS.length * (ROWS + 1);
    for (const replica of replicas) {
      await poll("each answers for all", 120, async () => ((await predictions(replica)) >= sent ? true : undefined));
      assert.equal(await predictions(replica), sent);
    }
    const [ownedByFirst, ownedBySecond] = await poll("every model has an owner", 180, async () => {
      const owned = await Promise.all(replicas.map(emitted));
      return owned.flat().length >= MODELS.length ? owned : undefined;
    });
    assert.deepEqual([...ownedByFirst!, ...ownedBySecond!].sort(), MODELS.toSorted(), "each model has one");
    assert.ok(ownedByFirst!.length > 0 && ownedBySecond!.length > 0);

    assert.equal(await first.stop("SIGTERM"), 0);
    await poll("the other has all of them", 120, async () =>
      (await emitted(second)).length === MODELS.length ? true : undefined,
    );
    assert.equal(await predictions(second), sent);
    console.log(`${MODELS.length} models: ${ownedByFirst!.length} and ${ownedBySecond!.length}, then ${MODELS.length}`);
  } catch (error) {
    console.error(replicas.map((replica) => replica.log().slice(-3_000)).join("\n---\n"));
    throw error;
  } finally {
    for (const replica of replicas) if (!replica.hasEnded()) await replica.stop("SIGKILL");
  }
});
