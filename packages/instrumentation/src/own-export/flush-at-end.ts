import { wrapMethod } from "../auto/wrap-method.ts";
import type { OwnExport } from "./own-export.ts";
import { sdkProvider } from "./sdk-provider.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** A process that is told to end waits no longer for us. */
const MAX_WAIT_MS = 2_000;

/**
 * Sends the last points when the process ends by itself or is told to. Where nobody else handles the signal, it then
 * ends the process as it would have ended without us. Where somebody does, how to end is theirs to say; a shutdown of
 * their SDK then ends when ours has ended, too.
 *
 * @param providers gives the host's providers, whose shutdown waits
 */
export function flushAtEnd(ownExport: OwnExport, providers: () => readonly unknown[]): void {
  process.once("beforeExit", () => void ownExport.flush());
  for (const signal of SIGNALS) {
    process.prependOnceListener(signal, () => {
      const isOver = Promise.race([ownExport.flush(), pause(MAX_WAIT_MS)]);
      if (process.listenerCount(signal) === 0) void isOver.then(() => process.kill(process.pid, signal));
      else for (const provider of providers()) shutDownAfter(isOver, provider);
    });
  }
}

function shutDownAfter(isOver: Promise<void>, provider: unknown): void {
  try {
    wrapMethod(sdkProvider(provider), "shutdown", (shutdown) => {
      return async function (this: unknown, ...args: unknown[]) {
        await isOver;
        return shutdown.apply(this, args);
      };
    });
  } catch {
    // A provider of an unknown kind; then the host does not wait for us.
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
