import { TidemarkError } from "@tidemark/semconv";
import type { Logger } from "pino";

/**
 * Logs a failure: of one that says what to do its code, words and fix, and what the engine or the system said beneath it only where
 * debugging is on; any other as it is.
 */
export function logFailure(logger: Logger, error: unknown, message: string, fields: object = {}): void {
  if (!(error instanceof TidemarkError)) {
    logger.error({ ...fields, err: error }, message);
    return;
  }
  const { code, fix, cause } = error;
  logger.error({ ...fields, code, reason: error.message, fix }, message);
  if (cause !== undefined) logger.debug({ code, err: cause }, "what it was told");
}
