import path from "node:path";
import { collectorBinary } from "./collector.ts";
import { freePorts } from "./free-ports.ts";
import { poll } from "./poll.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

export const COLLECTOR_FOLDER = path.resolve(import.meta.dirname, "../../../collector-config");

export interface CollectorOptions {
  /** Files of collector-config/, or absolute paths; later ones are merged over earlier ones. */
  readonly configs: readonly string[];
  /** Where it runs and keeps its queue. */
  readonly cwd: string;
  /** Addresses of what it sends to. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CollectorPorts {
  readonly grpc: number;
  readonly http: number;
  readonly results: number;
  readonly health: number;
  readonly own: number;
}

export interface RunningCollector extends ServerProcess {
  readonly ports: CollectorPorts;
  /** Base of OTLP/HTTP. */
  readonly url: string;
}

/** The real Collector with these configurations on free ports, or on those given, once it is healthy. */
export async function startCollector(options: CollectorOptions, given?: CollectorPorts): Promise<RunningCollector> {
  const ports = given ?? (await freeCollectorPorts());
  const files = options.configs.map((file) => path.resolve(COLLECTOR_FOLDER, file));
  const server = startServer(
    collectorBinary(),
    files.flatMap((file) => ["--config", file]),
    {
      cwd: options.cwd,
      env: { ...environment(ports), ...options.env },
    },
  );
  await poll("the Collector is ready", 30, async () =>
    (await fetch(`http://127.0.0.1:${ports.health}`)).ok ? true : undefined,
  ).catch(async (error) => {
    await server[Symbol.asyncDispose]();
    throw new Error(server.output(), { cause: error });
  });
  return { ...server, ports, url: `http://127.0.0.1:${ports.http}` };
}

async function freeCollectorPorts(): Promise<CollectorPorts> {
  const [grpc = 0, http = 0, results = 0, health = 0, own = 0] = await freePorts(5);
  return { grpc, http, results, health, own };
}

/** The variables of every configuration in the folder; each reads those that it has. */
function environment({ grpc, http, results, health, own }: CollectorPorts): Record<string, string> {
  const at = (port: number) => `127.0.0.1:${port}`;
  return {
    TIDEMARK_OTLP_GRPC: at(grpc),
    TIDEMARK_OTLP_HTTP: at(http),
    TIDEMARK_AGENT_GRPC: at(grpc),
    TIDEMARK_AGENT_HTTP: at(http),
    TIDEMARK_RESULTS_HTTP: at(results),
    TIDEMARK_COLLECTOR_HEALTH: at(health),
    TIDEMARK_AGENT_HEALTH: at(health),
    TIDEMARK_CONSUMER_HEALTH: at(health),
    TIDEMARK_COLLECTOR_METRICS_PORT: String(own),
    TIDEMARK_AGENT_METRICS_PORT: String(own),
    TIDEMARK_CONSUMER_METRICS_PORT: String(own),
    TIDEMARK_QUEUE_DIR: `./queue-${http}`,
    TIDEMARK_AGENT_QUEUE_DIR: `./queue-${http}`,
    TIDEMARK_CONSUMER_QUEUE_DIR: `./queue-${http}`,
  };
}
