import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { freePorts } from "./free-ports.ts";
import { poll } from "./poll.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

const VERSION = "4.4.0";
const CACHE = path.resolve(import.meta.dirname, "../../../.cache/kafka", VERSION);
const CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";

/** The libraries of the pinned broker, from Maven: 43 MB, 15 s when the cache lacks them. Needs Java 17 and Maven. */
function kafkaLibraries(): string {
  const libraries = path.join(CACHE, "libs");
  if (existsSync(libraries)) return libraries;
  mkdirSync(CACHE, { recursive: true });
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  writeFileSync(
    path.join(CACHE, "pom.xml"),
    `<project><modelVersion>4.0.0</modelVersion><groupId>tidemark.local</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>${[
      dependency("org.apache.kafka", "kafka_2.13", VERSION),
      // Without it the broker logs nothing.
      dependency("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.5"),
    ].join("")}</dependencies></project>`,
  );
  const half = path.join(CACHE, "libs.tmp");
  rmSync(half, { recursive: true, force: true });
  execFileSync("mvn", ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${half}`], {
    cwd: CACHE,
    stdio: ["ignore", "inherit", "inherit"],
  });
  renameSync(half, libraries);
  return libraries;
}

export interface Kafka extends ServerProcess {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** The broker's port, and that of its controller. */
  readonly ports: readonly number[];
  /** Address of the listener that asks for a client certificate and a password; nobody listens there unless asked to. */
  readonly secureAddress: string;
}

/** A listener with TLS, client certificates and SCRAM-SHA-512. */
export interface SecureListener {
  /** PEM file of the broker's key and certificate. */
  readonly keyStore: string;
  /** PEM file of the authority of clients. */
  readonly trustStore: string;
  readonly user: string;
  readonly password: string;
}

export interface KafkaOptions {
  readonly ports?: readonly number[];
  readonly secure?: SecureListener;
}

/** A real broker, one node, its data in `cwd`; with the same folder and ports one that ended comes back. */
export async function startKafka(cwd: string, { ports, secure }: KafkaOptions = {}): Promise<Kafka> {
  const libraries = kafkaLibraries();
  const [port = 0, controllerPort = 0, securePort = 0] = ports ?? (await freePorts(3));
  const secureAddress = `127.0.0.1:${securePort}`;
  const more = secure === undefined ? "" : `,SASL_SSL://${secureAddress}`;
  const address = `127.0.0.1:${port}`;
  const properties = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controllerPort}${more}`,
    "advertised.listeners": `PLAINTEXT://${address}${more}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
    "log.dirs": path.join(cwd, "kafka-data"),
    "num.partitions": 3,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    ...(secure === undefined ? {} : secureProperties(secure)),
  };
  const file = path.join(cwd, "server.properties");
  writeFileSync(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
  );
  const java = ["-Xmx512m", "-cp", `${libraries}/*`];
  execFileSync(
    "java",
    [
      ...[...java, "kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", file],
      ...(secure === undefined
        ? []
        : ["--add-scram", `SCRAM-SHA-512=[name=${secure.user},password=${secure.password}]`]),
    ],
    {
      cwd,
      stdio: "pipe",
    },
  );
  const server = startServer("java", [...java, "kafka.Kafka", file], { cwd });
  await poll("Kafka listens", 60, () => canConnect(port)).catch((error) => {
    throw new Error(server.output(), { cause: error });
  });
  return { ...server, address, ports: [port, controllerPort, securePort], secureAddress };
}

function secureProperties({ keyStore, trustStore }: SecureListener): Record<string, string> {
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": keyStore,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": trustStore,
    // Kafka asks for none by itself where SASL names the client.
    "listener.name.sasl_ssl.ssl.client.auth": "required",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config":
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
  };
}

function canConnect(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(undefined));
  });
}
