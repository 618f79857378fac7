import { AsyncLocalStorage } from "node:async_hooks";

const ids = new AsyncLocalStorage<string>();
/** Unless somebody gives ids, no call pays for the look. */
let isUsed = false;

/**
 * Runs with an id for the model that is asked inside: its prediction is recorded under it, so that its outcome can be
 * reported by it. The predictions of a batch have it with their row: `order-17.0`, `order-17.1`. An id that the call
 * itself carries, as a request of the Open Inference Protocol may, goes before.
 *
 * @param id text of 1 to 256 characters
 * @returns what `run` returns
 */
export function withInferenceId<T>(id: string, run: () => T): T {
  isUsed = true;
  return ids.run(id, run);
}

/** The id that the host gave; undefined where it gave none. */
export function currentInferenceId(): string | undefined {
  return isUsed ? ids.getStore() : undefined;
}
