import type { Database } from "@tidemark/responder";

/** The process ended here. */
export class Crash extends Error {}

export interface CrashingDatabase extends Database {
  readonly isDead: () => boolean;
  /** Ends the process at this point. */
  readonly die: () => never;
}

/**
 * A database whose process can die before or after any statement or commit. Once dead it answers nothing, so that code
 * which catches the error cannot write any more, as a dead process could not.
 */
export function crashingDatabase(database: Database, dies: () => boolean): CrashingDatabase {
  let dead = false;
  let depth = 0;
  const die = (): never => {
    dead = true;
    throw new Crash("the process died");
  };
  const guarded = <T>(work: () => T): T => {
    if (dead || dies()) die();
    const result = work();
    // Within a transaction a death after a statement is the same as one before the next.
    if (depth === 0 && dies()) die();
    return result;
  };
  return {
    isDead: () => dead,
    die,
    all: (sql, parameters) => guarded(() => database.all(sql, parameters)),
    one: (sql, parameters) => guarded(() => database.one(sql, parameters)),
    run: (sql, parameters) => guarded(() => database.run(sql, parameters)),
    transaction: (work) =>
      guarded(() => {
        depth++;
        try {
          return database.transaction(work);
        } finally {
          depth--;
        }
      }),
    close: () => database.close(),
  };
}
