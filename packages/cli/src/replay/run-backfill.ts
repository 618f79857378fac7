import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clearResults,
  isPublished,
  openStore,
  readMeasurements,
  restoreStore,
  startProcessor,
} from "@tidemark/processor";
import type { Config, Measurement } from "@tidemark/schema";
import { pino } from "pino";
import { finishReplay } from "./finish-replay.ts";
import { modelsNamed, ownConfig } from "./own-config.ts";

export interface BackfillOptions {
  /** Folder that `tidemark backup` wrote. */
  readonly backup: string;
  readonly config: Config;
  /** Folder that the configuration's paths start from. */
  readonly directory: string;
  /** One model of the configuration; all of them unless given. */
  readonly model?: string | undefined;
  /** Where the copy is made; the system's folder for temporary files unless given. */
  readonly workspace?: string | undefined;
  /** Called as each part of the work begins. */
  readonly onStep?: (step: string) => void;
}

/**
 * Judges everything that a backup holds, predictions, outcomes and metric points alike, by the code that judges live, in a copy of
 * its own and under whatever configuration and profiles are given. The backup and the running processor stay as they are.
 * Throws TidemarkError as `restoreStore` and `startProcessor` do, and `usage` where the model is not configured.
 *
 * @returns every measurement, each with the hashes of its profile and configuration, at revision 0.
 */
export async function runBackfill(options: BackfillOptions): Promise<readonly Measurement[]> {
  const { backup, config, directory, model, onStep = () => undefined } = options;
  const models = model === undefined ? config.models : modelsNamed(config, model);
  const folder = await mkdtemp(join(options.workspace ?? tmpdir(), "tidemark-backfill-"));
  const own: Config = { ...ownConfig(config, folder), models };
  try {
    onStep("copying the backup");
    await restoreStore(backup, own.store.path, Date.now);
    await withStore(own, clearResults);
    onStep("judging its windows");
    // A configuration that keeps less than the service's does not lose anything here: it is a copy.
    const processor = await startProcessor({
      config: own,
      directory,
      logger: pino({ level: "silent" }),
      acceptLoss: true,
    });
    try {
      await finishReplay(processor.url);
    } finally {
      await processor.close();
    }
    onStep("reading the measurements");
    const found = await withStore(own, (store) => readMeasurements(store, {}));
    return found.filter(isPublished).map((each) => ({ ...each, revision: 0 }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withStore<T>(
  { store: { path } }: Config,
  use: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>,
): Promise<T> {
  const store = await openStore(path);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
