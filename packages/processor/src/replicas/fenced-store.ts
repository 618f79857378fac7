import type { Store } from "../store/store.ts";

/** A write of a processor that no longer owns what it judged. */
export class StaleOwnerError extends Error {
  constructor() {
    super("another processor owns these monitors now");
  }
}

/**
 * The store as one generation's owner sees it: what it writes bears the generation in its version, so that rows of a later
 * generation win over it, and nothing is written once the ownership has ended.
 * Inserts reject with StaleOwnerError then.
 */
export function fencedStore(store: Store, generation: number, isCurrent: () => boolean): Store {
  return {
    path: store.path,
    server: store.server,
    generation,
    async insert(...row) {
      if (!isCurrent()) throw new StaleOwnerError();
      await store.insert(...row);
    },
    query: (...query) => store.query(...query),
    queryRowBinary: (...query) => store.queryRowBinary(...query),
    queryToFile: (...query) => store.queryToFile(...query),
    execute: (...statement) => store.execute(...statement),
    health: () => store.health(),
    close: () => store.close(),
  };
}
