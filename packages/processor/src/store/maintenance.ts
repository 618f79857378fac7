import { type BackupDescription, backupStore } from "./backup.ts";
import { type Erased, eraseIds } from "./erase-ids.ts";
import type { ModelKey } from "./models.ts";
import { type Removed, type RetentionOptions, removeOld } from "./retention.ts";
import type { Store } from "./store.ts";

/** What copies or removes stored rows as a whole, one at a time: rows that go while they are backed up would make the backup fall short of its own counts. */
export interface Maintenance {
  backup(name: string): Promise<BackupDescription>;
  erase(key: Pick<ModelKey, "tenant" | "model">, ids: readonly string[]): Promise<Erased>;
  removeOld(options: RetentionOptions): Promise<Removed>;
}

export interface MaintenanceOptions {
  /** Folder that the store was opened with for backups. */
  readonly backups: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function createMaintenance(store: Store, { backups, now }: MaintenanceOptions): Maintenance {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    backup: (name) => inTurn(() => backupStore(store, backups, name, now)),
    erase: (key, ids) => inTurn(() => eraseIds(store, key, ids, now())),
    removeOld: (options) => inTurn(() => removeOld(store, options)),
  };
}
