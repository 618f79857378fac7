import { join } from "node:path";
import type { Config, ModelConfig } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";

/**
 * The configuration of a processor that judges stored records beside the service, in event time and in a folder of its own: without
 * what belongs to a service, such as addresses, access and metrics that go out.
 */
export function ownConfig(config: Config, folder: string): Config {
  const { tls: _tls, grpcPort: _grpcPort, ...server } = config.server;
  const { retention, resultRetention } = config.store;
  return {
    ...config,
    server: { ...server, host: "127.0.0.1", port: 0, access: {} },
    // Never the service's ClickHouse server: what is judged here is no measurement of the service.
    store: { retention, resultRetention, path: join(folder, "data"), backups: join(folder, "backups") },
    export: { interval: config.export.interval },
    clock: { ...config.clock, mode: "replay" },
  };
}

/** The models of a name, of every tenant that has one. Throws TidemarkError `usage` where none has it. */
export function modelsNamed(config: Config, name: string): ModelConfig[] {
  const found = config.models.filter((model) => model.name === name);
  if (found.length > 0) return found;
  const known = config.models.map((model) => model.name).join(", ");
  throw new TidemarkError("usage", `the configuration has no model "${name}"; it has ${known}`);
}
