import { type Processor, startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";

/** A processor of the model of `churnProfile`, whose files are in the folder. */
export function startChurnProcessor(folder: string, port: number): Promise<Processor> {
  return startProcessor({
    config: configSchema.parse({
      server: { port },
      store: { path: "data" },
      models: [{ name: "churn", profile: "profile.json", windows: ["1h"] }],
    }),
    directory: folder,
    logger: pino({ level: "silent" }),
  });
}
