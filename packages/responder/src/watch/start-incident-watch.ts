import type { Logger } from "pino";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { ReadIncidents } from "../intake/ask-processor.ts";
import { takeIncidents } from "../intake/take-incidents.ts";

interface IncidentWatchOptions {
  readonly read: ReadIncidents;
  readonly isHolder: () => boolean;
  /** Something came: look at it soon. */
  readonly wake: () => void;
  readonly logger: Logger;
}

/** Asks the processor for its incidents again and again; nothing where it is not configured. */
export function startIncidentWatch(
  { state, config, now }: EngineParts,
  { read, isHolder, wake, logger }: IncidentWatchOptions,
): { stop(): Promise<void> } {
  const { incidents } = config.watch;
  if (incidents === undefined) return { stop: () => Promise.resolve() };
  let running: Promise<void> | null = null;
  const ask = async (): Promise<void> => {
    if (!isHolder()) return;
    const found = await read({});
    if (!isHolder()) return;
    if (takeIncidents(state, found, { states: incidents.states, nowMs: now() }).changed > 0) wake();
  };
  const look = () => {
    running ??= ask()
      .catch((error: unknown) => logger.warn({ err: error }, "the processor's incidents could not be read"))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, incidents.every);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
