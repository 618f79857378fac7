import { askProcessor } from "../report/http-read-api.ts";

/**
 * Ends a replay: resolves when every window is judged, however long that takes. Node's fetch waits five minutes for an answer to begin;
 * asking again waits for the same judgements. Throws TidemarkError as `askProcessor` does.
 */
export async function finishReplay(url: string): Promise<void> {
  for (;;) {
    try {
      await askProcessor(url, "/v1/replay", null, { finish: true });
      return;
    } catch (error) {
      if (!isStillWorking(error)) throw error;
    }
  }
}

/** Whether the connection stood and only the answer was long in coming. */
function isStillWorking(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "UND_ERR_HEADERS_TIMEOUT") return true;
  }
  return false;
}
