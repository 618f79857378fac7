// The processor reads from a real Kafka what a real Collector wrote; it is killed, the broker goes and comes back.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { Producer } from "@platformatic/kafka";
import { generate } from "selfsigned";
import { type ProcessorProcess, startProcessorProcess } from "../../chaos/processor/processor-process.ts";
import { churnProfile, predictionEvent } from "./tools/churn-events.ts";
import { startKafka } from "./tools/kafka.ts";
import { sendEvents } from "./tools/otlp-json.ts";
import { poll } from "./tools/poll.ts";
import { startCollector } from "./tools/start-collector.ts";

const top = mkdtempSync(path.join(tmpdir(), "tidemark-kafka-"));
after(() => rmSync(top, { recursive: true, force: true }));
const folder = path.join(top, "plain");
mkdirSync(folder);

const BATCH = 500;
/** More than the processor's limit below, less than the broker's. */
const TOO_LARGE_BYTES = 600_000;

interface Ready {
  readonly status: string;
  readonly kafka: { readonly state: string; readonly reason: string; readonly lag: number | null };
}

async function startProcessor(broker: string): Promise<ProcessorProcess> {
  return startProcessorProcess({
    folder,
    config: {
      server: { port: 0, maxDecodedBytes: 500_000 },
      kafka: { brokers: [broker], sessionTimeout: "6s" },
      models: [{ name: "churn", profile: "churn.json", windows: ["1h"] }],
    },
  });
}

async function json<T>({ url }: ProcessorProcess, route: string): Promise<T> {
  return (await (await fetch(`${url}${route}`)).json()) as T;
}

async function predictions(processor: ProcessorProcess): Promise<number> {
  const { models } = await json<{ models: { predictions: number }[] }>(processor, "/v1/models");
  return models.reduce((sum, { predictions }) => sum + predictions, 0);
}

async function metricOf({ url }: ProcessorProcess, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, "m").exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

test("what the Collector wrote to Kafka is counted once, through a killed processor and a lost broker", async () => {
  const profile = await churnProfile(folder);
  writeFileSync(path.join(folder, "churn.json"), JSON.stringify(profile));
  let kafka = await startKafka(folder);
  const env = { TIDEMARK_KAFKA: kafka.address };
  await using collector = await startCollector({ configs: ["kafka-producer.yaml"], cwd: folder, env });
  let sent = 0;
  const send = async () => {
    const rows = Array.from({ length: BATCH }, (_, index) => sent + index);
    await sendEvents(
      collector.url,
      rows.map((row) => predictionEvent(row, Date.now())),
    );
    sent += BATCH;
  };
  let processor = await startProcessor(kafka.address);
  try {
    // Its topics do not exist yet: it says so, and begins by itself when they do.
    const early = await json<Ready>(processor, "/readyz");
    assert.equal(early.status, "ready");
    assert.equal(early.kafka.state, "lost");
    const producer = new Producer({ clientId: "test", bootstrapBrokers: [kafka.address], autocreateTopics: true });
    const poison = (topic: string, value: Buffer) => producer.send({ messages: [{ topic, value }] });
    await poll("the metrics topic is there", 30, () => poison("tidemark.metrics", Buffer.from("not OTLP")));
    for (let batch = 0; batch < 4; batch++) await send();
    await poll("the first are counted", 60, async () => ((await predictions(processor)) > 0 ? true : undefined));

    await processor.stop("SIGKILL");
    for (let batch = 0; batch < 4; batch++) await send();
    await poll("a message above the limit is taken", 30, () => poison("tidemark.logs", Buffer.alloc(TOO_LARGE_BYTES)));
    processor = await startProcessor(kafka.address);
    await poll("all are counted", 60, async () => ((await predictions(processor)) >= sent ? true : undefined));
    await poll("all is committed", 60, async () =>
      (await metricOf(processor, "tidemark_kafka_lag")) === 0 ? true : undefined,
    );
    assert.equal(await predictions(processor), sent);

    const { deadLetters } = await json<{ deadLetters: { reason: string; record: Record<string, string> }[] }>(
      processor,
      "/v1/dead-letters",
    );
    const places = new Set(deadLetters.map(({ reason, record }) => `${reason} ${record["topic"]}`));
    assert.deepEqual([...places].sort(), ["message_too_large tidemark.logs", "undecodable_request tidemark.metrics"]);

    await producer.close();
    await kafka.crash();
    await poll("the loss is said", 60, async () =>
      (await json<Ready>(processor, "/readyz")).kafka.state === "lost" ? true : undefined,
    );
    assert.equal(await metricOf(processor, "tidemark_kafka_connected_ratio"), 0);
    for (let batch = 0; batch < 2; batch++) await send();
    kafka = await startKafka(folder, { ports: kafka.ports });
    await poll("what waited in the Collector is counted", 120, async () =>
      (await predictions(processor)) >= sent ? true : undefined,
    );
    assert.equal(await predictions(processor), sent);
    assert.equal(await metricOf(processor, "tidemark_kafka_connected_ratio"), 1);
    assert.equal(await processor.stop("SIGTERM"), 0);
    console.log(`${sent} records sent and counted once`);
  } catch (error) {
    console.error(processor.log().slice(-4_000));
    throw error;
  } finally {
    if (!processor.hasEnded()) await processor.stop("SIGKILL");
    await kafka[Symbol.asyncDispose]();
  }
});

test("over TLS with a client certificate and SCRAM it reads; a wrong password, and a stranger's certificate, are said", async () => {
  const secured = path.join(top, "secured");
  mkdirSync(secured);
  const write = (name: string, text: string) => {
    writeFileSync(path.join(secured, name), text);
    return path.join(secured, name);
  };
  const authority = await makeAuthority();
  const [broker, client, stranger] = [
    await makeCertificate(authority),
    await makeCertificate(authority),
    await makeCertificate(await makeAuthority()),
  ];
  const trustStore = write("ca.pem", authority.cert);
  write("churn.json", JSON.stringify(await churnProfile(secured)));
  for (const [name, { cert, private: key }] of [
    ["client", client],
    ["stranger", stranger],
  ] as const) {
    write(`${name}.crt`, cert);
    write(`${name}.key`, key);
  }
  const user = "tidemark";
  const secure = {
    keyStore: write("broker.pem", broker.private + broker.cert),
    trustStore,
    user,
    password: "it-is-secret",
  };
  await using kafka = await startKafka(secured, { secure });
  const producer = new Producer({ clientId: "test", bootstrapBrokers: [kafka.address], autocreateTopics: true });
  await poll("the topic is there", 30, () =>
    producer.send({ messages: [{ topic: "ml.logs", value: Buffer.from("not OTLP") }] }),
  );
  await producer.close();
  const start = (password: string, certificate: string) => {
    write("password", `${password}\n`);
    return startProcessorProcess({
      folder: secured,
      config: {
        kafka: {
          brokers: [kafka.secureAddress],
          topics: { logs: "ml.logs" },
          tls: { authorities: "ca.pem", certificate: `${certificate}.crt`, key: `${certificate}.key` },
          sasl: { mechanism: "SCRAM-SHA-512", user, passwordFile: "password" },
        },
        models: [{ name: "churn", profile: "churn.json", windows: ["1h"] }],
      },
    });
  };
  for (const [password, certificate, state, reason] of [
    ["wrong", "client", "lost", /authentication|sasl/i],
    [secure.password, "stranger", "lost", /./],
    [secure.password, "client", "reading", /^$/],
  ] as const) {
    const processor = await start(password, certificate);
    try {
      const found = await poll(
        `it is ${state} with the password ${password} and the certificate of ${certificate}`,
        60,
        async () => {
          const { kafka } = await json<Ready>(processor, "/readyz");
          return kafka.state === state && kafka.reason !== "not connected yet" ? kafka : undefined;
        },
      );
      assert.match(found.reason, reason);
      assert.doesNotMatch(processor.log(), new RegExp(secure.password));
      if (state === "reading") {
        await poll("what was written has been read", 60, async () => {
          const { deadLetters } = await json<{ deadLetters: object[] }>(processor, "/v1/dead-letters");
          return deadLetters.length > 0 || undefined;
        });
      }
    } catch (error) {
      console.error(processor.log().slice(-4_000));
      throw error;
    } finally {
      if (!processor.hasEnded()) await processor.stop("SIGKILL");
    }
  }
});

interface Pem {
  readonly cert: string;
  readonly private: string;
}

function makeAuthority(): Promise<Pem> {
  return generate([{ name: "commonName", value: "authority" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true },
    ],
  });
}

function makeCertificate(by: Pem): Promise<Pem> {
  return generate([{ name: "commonName", value: "127.0.0.1" }], {
    algorithm: "sha256",
    ca: { key: by.private, cert: by.cert },
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
}
